namespace Hone.Training.Recipes;

/// <summary>The sizes of a new model of the Llama family. The vocabulary is that of the tokenizer.</summary>
public sealed record NewModelOptions
{
    /// <summary>Numbers that stand for one token between the layers.</summary>
    [Interval("[1, ∞)")]
    public required int HiddenSize { get; init; }

    /// <summary>Transformer layers.</summary>
    [Interval("[1, ∞)")]
    public required int Layers { get; init; }

    /// <summary>Heads of queries; each has <c>hidden_size / heads</c> numbers.</summary>
    [Interval("[1, ∞)")]
    public required int Heads { get; init; }

    /// <summary>Heads of keys and values, each shared by <c>heads / kv_heads</c> heads of queries; by default as many
    /// as <c>heads</c>.</summary>
    [Interval("[1, ∞)")]
    public int? KvHeads { get; init; }

    /// <summary>Numbers inside the feed-forward part.</summary>
    [Interval("[1, ∞)")]
    public required int IntermediateSize { get; init; }

    /// <summary>The longest context, in tokens.</summary>
    [Interval("[1, ∞)")]
    public required int MaxPositionEmbeddings { get; init; }

    /// <summary>The base of the rotary angles; larger ones turn slower, for longer contexts.</summary>
    [Interval("(0, ∞)")]
    public double RopeTheta { get; init; } = 10000;

    /// <summary>What is added to the mean square before the root in RMSNorm.</summary>
    [Interval("(0, ∞)")]
    public double RmsNormEps { get; init; } = 1e-5;

    /// <summary>Whether the output head shares the weights of the token embedding.</summary>
    public bool TieEmbeddings { get; init; } = true;

    /// <summary>The standard deviation of the normal distribution that weights are drawn from.</summary>
    [Interval("(0, ∞)")]
    public double InitializerRange { get; init; } = 0.02;

    /// <summary>What does not fit together, each as <c>key: what must hold, what was found</c>.</summary>
    public IEnumerable<string> Problems()
    {
        if (HiddenSize % (2 * Heads) != 0)
        {
            yield return $"heads: must divide hidden_size ({HiddenSize}) into parts of even size, got {Heads}";
        }

        if (Heads % (KvHeads ?? Heads) != 0)
        {
            yield return $"kv_heads: must divide heads ({Heads}), got {KvHeads}";
        }
    }
}
