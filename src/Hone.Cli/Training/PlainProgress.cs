using System.Globalization;
using Hone.Cli.Writing;
using Hone.Training.Progress;

namespace Hone.Cli.Training;

/// <summary>Tells of a run in lines, for files and pipes.</summary>
internal sealed class PlainProgress(TextWriter output, TimeProvider time) : ITrainingObserver
{
    private readonly RunProgress _progress = new(time);

    /// <inheritdoc/>
    public void Started(RunStart start)
    {
        _progress.Started(start);
        var plan = start.Plan;
        var after = start.Step > 0 ? $", going on after step {start.Step}" : "";
        Line(
            $"{plan.Method}: {start.Steps} steps of {plan.SequencesPerStep} sequences, "
            + $"{Quantity.Count(plan.Parameters)} weights, {plan.Compute} ({plan.ComputeReason}), "
            + $"{PlanText.Threads(plan)}{after}");
        foreach (var warning in plan.Warnings)
        {
            Line($"warning: {warning}");
        }
    }

    /// <inheritdoc/>
    public void Phase(StepPhase phase) => _progress.Phase(phase);

    /// <inheritdoc/>
    public void Stepped(StepReport step)
    {
        _progress.Stepped(step);
        var view = _progress.View;
        var steps = view.Steps.ToString(CultureInfo.InvariantCulture);
        var number = step.Step.ToString(CultureInfo.InvariantCulture).PadLeft(steps.Length);
        Line(
            $"step {number}/{steps}  {HeadlineMetrics.Line(HeadlineMetrics.Of(step.Metrics))}  "
            + $"{Quantity.Count((long)view.TokensPerSecond)} tokens/s  "
            + $"{Quantity.Duration(view.Left ?? TimeSpan.Zero)} left");
    }

    /// <inheritdoc/>
    public void Evaluated(EvaluationReport evaluation)
    {
        _progress.Evaluated(evaluation);
        Line(
            $"evaluation at step {evaluation.Step}: "
                + $"{HeadlineMetrics.Line(evaluation.Metrics.Select(metric => (metric.Key, metric.Value)))}");
    }

    /// <inheritdoc/>
    public void Saved(int step, string path)
    {
        _progress.Saved(step, path);
        Line($"checkpoint at step {step}: {path}");
    }

    /// <summary>Says where the time went.</summary>
    public void Finished()
    {
        if (TimeShares.Line(_progress.View) is { Length: > 0 } shares)
        {
            Line($"time: {shares}");
        }
    }

    private void Line(string line)
    {
        output.WriteLine(line);
        output.Flush();
    }
}
