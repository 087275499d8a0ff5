using Hone.Training.Progress;

namespace Hone.Cli.Training;

/// <summary>What is known of a run so far: where it stands, how fast it goes, what it has measured. Safe for the thread
/// that trains and one that shows it.</summary>
/// <param name="time">The clock.</param>
internal sealed class RunProgress(TimeProvider time) : ITrainingObserver
{
    /// <summary>Steps over which speed is averaged.</summary>
    private const int Window = 20;

    private readonly Lock _lock = new();
    private readonly Queue<(double Seconds, long Tokens)> _recent = [];
    private readonly Dictionary<PhaseKind, double> _times = [];
    private readonly List<double> _history = [];
    private long _begun = time.GetTimestamp();
    private RunView _view = RunView.Empty;

    /// <summary>The run as it stands now.</summary>
    public RunView View
    {
        get
        {
            lock (_lock)
            {
                var spent = _recent.Sum(step => step.Seconds);
                return _view with
                {
                    Elapsed = time.GetElapsedTime(_begun),
                    Left = _recent.Count == 0
                        ? null
                        : TimeSpan.FromSeconds(spent / _recent.Count * (_view.Steps - _view.Step)),
                    TokensPerSecond = spent > 0 ? _recent.Sum(step => step.Tokens) / spent : 0,
                    History = [.. _history],
                    Shares = Shares(),
                };
            }
        }
    }

    /// <summary>Says that the user asked to stop.</summary>
    public void Interrupt() => Change(view => view with { IsStopping = true });

    /// <inheritdoc/>
    public void Started(RunStart start)
    {
        lock (_lock)
        {
            _begun = time.GetTimestamp();
        }

        Change(view => view with { Plan = start.Plan, Step = start.Step, Steps = start.Steps });
    }

    /// <inheritdoc/>
    public void Phase(StepPhase phase) => Change(view => view with { Phase = phase });

    /// <inheritdoc/>
    public void Stepped(StepReport step)
    {
        lock (_lock)
        {
            _recent.Enqueue((step.Seconds, step.Tokens));
            while (_recent.Count > Window)
            {
                _recent.Dequeue();
            }

            foreach (var (kind, seconds) in step.Times)
            {
                _times[kind] = _times.GetValueOrDefault(kind) + seconds;
            }

            if (step.Metrics.TryGetValue(HeadlineMetrics.First(step.Metrics), out var main) && double.IsFinite(main))
            {
                _history.Add(main);
            }
        }

        Change(view => view with
        {
            Step = step.Step,
            Metrics = step.Metrics,
            Samples = step.Samples is [] ? view.Samples : step.Samples,
            Phase = null,
        });
    }

    /// <inheritdoc/>
    public void Evaluated(EvaluationReport evaluation)
    {
        lock (_lock)
        {
            _times[PhaseKind.Evaluation] = _times.GetValueOrDefault(PhaseKind.Evaluation) + evaluation.Seconds;
        }

        Change(view => view with
        {
            FirstEvaluation = view.FirstEvaluation ?? evaluation,
            Evaluation = evaluation,
            Phase = null,
        });
    }

    /// <inheritdoc/>
    public void Saved(int step, string path) => Change(view => view with { SavedStep = step });

    private void Change(Func<RunView, RunView> change)
    {
        lock (_lock)
        {
            _view = change(_view);
        }
    }

    private List<(PhaseKind Kind, double Share)> Shares()
    {
        var all = _times.Values.Sum();
        return all <= 0
            ? []
            : [.. _times.OrderByDescending(entry => entry.Value).Select(entry => (entry.Key, entry.Value / all))];
    }
}
