namespace Hone.Training.Recipes;

/// <summary>When the state of a run is saved. An interrupted run saves it in any case, before it ends.</summary>
public sealed record CheckpointOptions
{
    /// <summary>Steps between two checkpoints; 0 saves only what an interruption or the end needs.</summary>
    [Interval("[0, ∞)")]
    public int Every { get; init; } = 100;

    /// <summary>Checkpoints kept, the newest ones; older ones are removed when a newer one is complete.</summary>
    [Interval("[1, ∞)")]
    public int Keep { get; init; } = 2;
}
