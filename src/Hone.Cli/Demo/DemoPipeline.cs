using Hone.Evaluation.Tasks;
using Hone.Training;

namespace Hone.Cli.Demo;

/// <summary>The stages of the demo, one after the other, each an ordinary training run of its recipe.</summary>
/// <remarks>The order of DeepSeek-R1, arXiv:2501.12948, in miniature: a cold start on worked problems, then practice
/// with verifiable rewards.</remarks>
internal sealed class DemoPipeline(DemoFolder folder, long seed, TimeProvider time, IDemoObserver observer)
{
    private const int ShownSamples = 8;

    private readonly Trainer _trainer = new(time);
    private readonly List<StageCurves> _curves = [];
    private readonly Dictionary<DemoStage, ExamPaper> _papers = [];
    private readonly Dictionary<DemoStage, StageResult> _results = [];

    /// <summary>Runs all stages.</summary>
    /// <exception cref="OperationCanceledException">It was asked to stop; the stage that was training has saved its
    /// checkpoint.</exception>
    public DemoResult Run(CancellationToken cancel)
    {
        var started = time.GetTimestamp();
        var options = folder.Options();
        var exam = new HeldOutExam(
            folder.Files.Write(new ArithmeticTask(options.Task, (ulong)seed), options.Rows), options.Examination,
            (ulong)seed);
        observer.Prepared(folder, options);

        Train(DemoStage.Pretrained, exam, double.PositiveInfinity, cancel);
        Train(DemoStage.Sft, exam, double.PositiveInfinity, cancel);
        var (model, seconds) = Train(DemoStage.Grpo, exam, double.PositiveInfinity, cancel);
        Train(DemoStage.SftContinued, exam, seconds, cancel);
        var search = Search(model, exam, options.Search, cancel);

        return new DemoResult(
            seed,
            [.. DemoStage.InTable.Select(stage => _results[stage])],
            _curves,
            search,
            [.. exam.Problems.Take(ShownSamples).Select(Sample)],
            time.GetElapsedTime(started).TotalSeconds);
    }

    /// <summary>Trains a stage and examines its model.</summary>
    /// <returns>The model's folder, and the seconds that its steps took.</returns>
    private (string Model, double Seconds) Train(
        DemoStage stage, HeldOutExam exam, double budget, CancellationToken cancel)
    {
        using var recorder = new StageRecorder(observer.Training(stage), budget);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(cancel, recorder.Spent);
        var result = _trainer.Run(folder.Recipe(stage, seed), resume: false, recorder, either.Token);
        cancel.ThrowIfCancellationRequested();
        _curves.Add(recorder.Curves(stage));

        observer.Examining(stage);
        _papers[stage] = exam.Take(result.Folder, cancel);
        Report(new StageResult(stage, _papers[stage].Accuracy, recorder.Seconds));
        return (result.Folder, recorder.Seconds);
    }

    private SearchPaper Search(string model, HeldOutExam exam, SearchOptions options, CancellationToken cancel)
    {
        observer.Examining(DemoStage.Majority);
        var started = time.GetTimestamp();
        var paper = exam.Search(model, options, cancel);
        var seconds = time.GetElapsedTime(started).TotalSeconds;
        Report(new StageResult(DemoStage.Majority, paper.Majority, seconds));
        Report(new StageResult(DemoStage.BestOfN, paper.BestOfN, 0));
        Report(new StageResult(DemoStage.Oracle, paper.Oracle, 0));
        return paper;
    }

    private void Report(StageResult result)
    {
        _results[result.Stage] = result;
        observer.Examined(result);
    }

    private DemoSample Sample(ArithmeticProblem problem, int index) => new(
        problem.Prompt,
        problem.Answer,
        [
            .. DemoStage.InTable.Where(_papers.ContainsKey)
                .Select(stage => new StageAnswer(stage, _papers[stage].Texts[index], _papers[stage].Right[index])),
        ]);
}
