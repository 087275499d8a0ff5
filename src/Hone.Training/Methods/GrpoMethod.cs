using Hone.Algorithms;
using Hone.Data;
using Hone.Models;
using Hone.Training.Metrics;
using Hone.Training.Progress;
using Hone.Training.Ranks;
using Hone.Training.Recipes;

namespace Hone.Training.Methods;

/// <summary>Group relative policy optimisation: each step samples answers, judges them, and makes its updates on
/// them.</summary>
/// <remarks>
/// DeepSeekMath, arXiv:2402.03300, algorithm 1, with outcome supervision; one step is its lines 4 to 12. What we
/// changed: log π_old of the first update is taken from that update's own forward pass, since the weights are those
/// that sampled.
/// </remarks>
internal sealed class GrpoMethod(
    GrpoOptions options, TrainingContext context, RolloutSampler sampler, PromptSet train, PromptSet? evaluation,
    AnswerJudge judge, ReferencePolicy? reference)
    : IMethod
{
    private readonly PolicyObjective _objective = GrpoPreset.Objective(options);
    private readonly Aggregation _aggregation = GrpoPreset.Aggregation(options);

    public long Rows => train.Prompts.Count;

    public long EvaluationRows => evaluation?.Prompts.Count ?? 0;

    public IReadOnlyList<string> Warnings => [.. train.Warnings.Union(evaluation?.Warnings ?? [])];

    public Decoder? Draft => sampler.Draft;

    public void AddRows(RowDigest digest)
    {
        train.AddTo(digest);
        evaluation?.AddTo(digest);
    }

    public IReadOnlyList<TrainingSample> Step(int step, double rate, MetricSet metrics, CancellationToken cancel)
    {
        context.Clock.Enter(PhaseKind.Generation);
        var prompts = train.OfStep(step, context.Recipe.Batch.RowsPerStep);
        var rollouts = sampler.Sample(
            prompts, options.GroupSize, isEvaluation: false, share =>
                context.Observer.Phase(new StepPhase(step, PhaseKind.Generation, share)), cancel);

        context.Clock.Enter(PhaseKind.Reward);
        var judged = judge.Judge(rollouts, cancel);
        judged.Record(metrics, prefix: "");
        var advantages = GroupAdvantage.Compute(judged.Table, options.GroupSize, options.AdvantageScale);
        RolloutMetrics.Record(metrics, rollouts, advantages);
        Answer[] answers = [.. rollouts.Select((rollout, i) =>
            new Answer(rollout, advantages.Values[i], trained: !(options.MaskTruncated && rollout.IsTruncated)))];

        context.Clock.Enter(PhaseKind.LogProbs);
        AddReference(answers, cancel);
        AddOldLogProbs(answers, cancel);

        context.Clock.Enter(PhaseKind.Training);
        Train(answers, rate, metrics, cancel);
        context.Clock.Enter(PhaseKind.Waiting);
        return Samples(step, judged, advantages);
    }

    public void Evaluate(MetricSet metrics, CancellationToken cancel)
    {
        if (evaluation is null)
        {
            return;
        }

        var rows = evaluation.First(context.EvaluationRows(evaluation.Prompts.Count));
        var rollouts = sampler.Sample(
            rows, context.Recipe.Evaluation.Samples, isEvaluation: true, _ => { }, cancel);
        judge.Judge(rollouts, cancel).Record(metrics, "eval/");
        RolloutMetrics.RecordTexts(metrics, rollouts, "eval/");
    }

    public void Dispose()
    {
        reference?.Dispose();
        sampler.Dispose();
    }

    /// <summary>The updates of a step. Once the first has moved the weights, the step goes through to its
    /// end.</summary>
    private void Train(Answer[] answers, double rate, MetricSet metrics, CancellationToken cancel)
    {
        var parts = answers.Chunk(AnswersPerUpdate(answers)).ToList();
        var first = true;
        for (var epoch = 0; epoch < options.InnerEpochs; epoch++)
        {
            foreach (var part in parts)
            {
                var objective = new GrpoObjective(_objective, _aggregation, options.Temperature, part);
                context.Updater.Update([.. part.Select(answer => answer.Example)], objective, rate, metrics, first
                    ? cancel
                    : CancellationToken.None);
                first = false;
            }
        }

        context.Updater.MakeRoom(); // for the cache of what is sampled next
    }

    private void AddReference(Answer[] answers, CancellationToken cancel)
    {
        if (reference is null)
        {
            return;
        }

        var logProbs = reference.LogProbs(context, Examples(answers), options.Temperature, cancel);
        foreach (var (answer, values) in answers.Zip(logProbs))
        {
            answer.ReferenceLogProbs = values;
        }
    }

    /// <summary>Where further parts of the answers are trained after the first moved the weights, their log π_old are
    /// needed before; the first part's own update finds them.</summary>
    private void AddOldLogProbs(Answer[] answers, CancellationToken cancel)
    {
        if (options.UpdatesPerEpoch == 1)
        {
            return;
        }

        var later = answers[AnswersPerUpdate(answers)..];
        var logProbs = context.LogProbs(context.Decoder, Examples(later), options.Temperature, cancel);
        foreach (var (answer, values) in later.Zip(logProbs))
        {
            answer.OldLogProbs = values;
        }
    }

    private int AnswersPerUpdate(Answer[] answers) =>
        (answers.Length + options.UpdatesPerEpoch - 1) / options.UpdatesPerEpoch;

    private static IReadOnlyList<TrainingExample> Examples(Answer[] answers) =>
        [.. answers.Select(answer => answer.Example)];

    private IReadOnlyList<TrainingSample> Samples(int step, JudgedRollouts judged, GroupAdvantages advantages) =>
    [
        .. judged.Rollouts.Take(context.Recipe.Logging.Samples).Select((rollout, i) => new TrainingSample(
            step,
            context.Tokenizer.Decode(rollout.PromptTokens, skipSpecialTokens: false),
            context.Tokenizer.Decode(rollout.Completion.Tokens, skipSpecialTokens: false),
            judged.RewardsOf(i),
            double.IsNaN(advantages.Rewards[i]) ? null : advantages.Rewards[i],
            advantages.Values[i])),
    ];
}
