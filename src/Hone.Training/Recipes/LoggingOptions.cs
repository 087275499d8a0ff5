namespace Hone.Training.Recipes;

/// <summary>What is written down of a run.</summary>
public sealed record LoggingOptions
{
    /// <summary>Steps between two lines of <c>metrics.jsonl</c>.</summary>
    [Interval("[1, ∞)")]
    public int Every { get; init; } = 1;

    /// <summary>Whether the metrics are written as TensorBoard events too.</summary>
    public bool Tensorboard { get; init; } = true;

    /// <summary>Rows of each logged step that are written to <c>samples.jsonl</c> with what the model made of
    /// them.</summary>
    [Interval("[0, ∞)")]
    public int Samples { get; init; } = 4;
}
