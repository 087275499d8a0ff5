namespace Hone.Training.Recipes;

/// <summary>When the model is evaluated on <c>data.eval</c>. It always is before the first step and after the
/// last.</summary>
public sealed record EvaluationOptions
{
    /// <summary>Steps between two evaluations; 0 leaves out those in between.</summary>
    [Interval("[0, ∞)")]
    public int Every { get; init; }

    /// <summary>Rows of <c>data.eval</c> to use, the first ones; 0 uses all.</summary>
    [Interval("[0, ∞)")]
    public int Rows { get; init; }

    /// <summary>Answers to each row, in methods that sample; more of them make a rate more certain.</summary>
    [Interval("[1, ∞)")]
    public int Samples { get; init; } = 1;

    /// <summary>How weights are kept while answers are sampled, in methods that sample. Answers that are trained on are
    /// always those of the weights themselves: of rounded ones they would be those of another policy.</summary>
    public WeightChoice Weights { get; init; }
}

/// <summary>How weights are kept while answers are sampled.</summary>
public enum WeightChoice
{
    /// <summary>In the dtype of products.</summary>
    Compute,

    /// <summary>In 8 bits: faster at small batches, and a little less exact.</summary>
    Int8,

    /// <summary>In 4 bits: faster still, and less exact.</summary>
    Int4,
}
