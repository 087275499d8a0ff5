using Hone.Training;
using Hone.Training.Progress;

namespace Hone.Cli.Training;

/// <summary>A run at one moment.</summary>
internal sealed record RunView
{
    /// <summary>Before anything is known.</summary>
    public static RunView Empty { get; } = new();

    /// <summary>What followed from the recipe; null while it is loaded.</summary>
    public TrainingPlan? Plan { get; init; }

    /// <summary>Steps that are done.</summary>
    public int Step { get; init; }

    /// <summary>Steps in all.</summary>
    public int Steps { get; init; }

    /// <summary>What the step under way is doing; null between two.</summary>
    public StepPhase? Phase { get; init; }

    /// <summary>The metrics of the last step.</summary>
    public IReadOnlyDictionary<string, double> Metrics { get; init; } = new Dictionary<string, double>();

    /// <summary>The samples of the last step that had some.</summary>
    public IReadOnlyList<TrainingSample> Samples { get; init; } = [];

    /// <summary>The first evaluation.</summary>
    public EvaluationReport? FirstEvaluation { get; init; }

    /// <summary>The last evaluation.</summary>
    public EvaluationReport? Evaluation { get; init; }

    /// <summary>The step of the last checkpoint; 0 for none.</summary>
    public int SavedStep { get; init; }

    /// <summary>Time since the run began or went on.</summary>
    public TimeSpan Elapsed { get; init; }

    /// <summary>Time to the last step at the speed of the last ones; null before the first.</summary>
    public TimeSpan? Left { get; init; }

    /// <summary>Tokens trained in a second, over the last steps.</summary>
    public double TokensPerSecond { get; init; }

    /// <summary>The main metric of every step.</summary>
    public IReadOnlyList<double> History { get; init; } = [];

    /// <summary>Which share of the time went into what, the greatest first.</summary>
    public IReadOnlyList<(PhaseKind Kind, double Share)> Shares { get; init; } = [];

    /// <summary>Whether the user asked to stop.</summary>
    public bool IsStopping { get; init; }
}
