using System.Globalization;
using Hone.Cli.Writing;
using Hone.Training.Progress;

namespace Hone.Cli.Demo;

/// <summary>Tells on a terminal, or line by line in a log, how a demo gets on.</summary>
/// <param name="output">Where to.</param>
/// <param name="moves">Whether the line of the present step may be written over; else it is written now and
/// then.</param>
/// <param name="width">Columns of a line.</param>
/// <param name="time">The clock.</param>
internal sealed class DemoProgress(TextWriter output, bool moves, int width, TimeProvider time) : IDemoObserver
{
    private const string ClearLine = "\r\e[K";
    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan Frame = TimeSpan.FromSeconds(0.1);

    private readonly long _started = time.GetTimestamp();
    private long _shown;

    /// <inheritdoc/>
    public void Prepared(DemoFolder folder, DemoOptions options)
    {
        WriteLine(options.Description);
        WriteLine($"{"task",-14} {File.ReadLines(folder.Files.HeldOutTraces).First()}");
        WriteLine(
            $"{"",-14} {Quantity.Count(options.Rows.HeldOut)} problems are held out; none of them stands in "
            + $"{Quantity.Count(options.Rows.Pretraining)} texts, {Quantity.Count(options.Rows.Traces)} worked "
            + $"problems, {Quantity.Count(options.Rows.Practice)} to practise on");
    }

    /// <inheritdoc/>
    public ITrainingObserver Training(DemoStage stage)
    {
        _shown = 0;
        return new StageProgress(stage, this);
    }

    /// <inheritdoc/>
    public void Examining(DemoStage stage) => Show($"{stage.Name,-14} answers the held-out problems", isDue: moves);

    /// <inheritdoc/>
    public void Examined(StageResult result)
    {
        var (low, high) = result.Accuracy.Interval();
        WriteLine($"{result.Stage.Name,-14} {DemoTable.Percent(result.Accuracy.Share)} of held-out problems right "
            + $"({DemoTable.Percent(low)} – {DemoTable.Percent(high)}), "
            + $"{Quantity.Duration(time.GetElapsedTime(_started))} since the start");
    }

    private void WriteLine(string line) => output.WriteLine(moves ? ClearLine + line : line);

    private void Show(string line, bool isDue)
    {
        var now = time.GetTimestamp();
        if (!isDue && _shown != 0 && time.GetElapsedTime(_shown, now) < (moves ? Frame : Pause))
        {
            return;
        }

        _shown = now;
        if (moves)
        {
            output.Write(ClearLine + (line.Length < width ? line : line[..(width - 1)]));
        }
        else
        {
            output.WriteLine(line);
        }

        output.Flush();
    }

    /// <summary>The steps of one stage.</summary>
    private sealed class StageProgress(DemoStage stage, DemoProgress screen) : ITrainingObserver
    {
        private int _steps;
        private double _seconds;

        public void Started(RunStart start) => _steps = start.Steps;

        public void Phase(StepPhase phase)
        {
        }

        public void Stepped(StepReport step)
        {
            _seconds += step.Seconds;
            var what = step.Metrics.TryGetValue("reward", out var reward)
                ? $"reward {Number(reward)}" : $"loss {Number(step.Metrics["loss"])}";
            var left = TimeSpan.FromSeconds(_seconds / step.Step * (_steps - step.Step));
            var until = stage == DemoStage.SftContinued
                ? $"step {step.Step,4}, until it has had GRPO's time"
                : $"step {step.Step,4}/{_steps}, {Quantity.Duration(left)} left";
            screen.Show($"{stage.Name,-14} {until}  {what}", isDue: false);
        }

        public void Evaluated(EvaluationReport evaluation)
        {
        }

        public void Saved(int step, string path)
        {
        }

        private static string Number(double value) => value.ToString("0.000", CultureInfo.InvariantCulture);
    }
}
