using Hone.Training.Progress;

namespace Hone.Cli.Demo;

/// <summary>Keeps the metrics of a stage, and ends it when its steps have had their time.</summary>
/// <param name="next">Who is told as well.</param>
/// <param name="budget">Seconds that the steps may take together; infinite for a stage that goes to its end.</param>
internal sealed class StageRecorder(ITrainingObserver next, double budget) : ITrainingObserver, IDisposable
{
    private readonly Dictionary<string, List<CurvePoint>> _curves = new(StringComparer.Ordinal);
    private readonly CancellationTokenSource _spent = new();

    /// <summary>Seconds that the steps took; evaluations in between do not count.</summary>
    public double Seconds { get; private set; }

    /// <summary>Is cancelled when the budget is spent.</summary>
    public CancellationToken Spent => _spent.Token;

    /// <summary>The metrics so far.</summary>
    public StageCurves Curves(DemoStage stage) =>
        new(stage, _curves.ToDictionary(
            curve => curve.Key, curve => (IReadOnlyList<CurvePoint>)curve.Value, StringComparer.Ordinal));

    /// <inheritdoc/>
    public void Started(RunStart start) => next.Started(start);

    /// <inheritdoc/>
    public void Phase(StepPhase phase) => next.Phase(phase);

    /// <inheritdoc/>
    public void Stepped(StepReport step)
    {
        Add(step.Step, step.Metrics);
        Seconds += step.Seconds;
        next.Stepped(step);
        if (Seconds >= budget)
        {
            _spent.Cancel();
        }
    }

    /// <inheritdoc/>
    public void Evaluated(EvaluationReport evaluation)
    {
        Add(evaluation.Step, evaluation.Metrics);
        next.Evaluated(evaluation);
    }

    /// <inheritdoc/>
    public void Saved(int step, string path) => next.Saved(step, path);

    /// <inheritdoc/>
    public void Dispose() => _spent.Dispose();

    private void Add(int step, IReadOnlyDictionary<string, double> metrics)
    {
        foreach (var (name, value) in metrics)
        {
            if (!_curves.TryGetValue(name, out var curve))
            {
                _curves[name] = curve = [];
            }

            curve.Add(new CurvePoint(step, value));
        }
    }
}
