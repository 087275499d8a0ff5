namespace Hone.Algorithms.Optimizers;

/// <summary>Learning rates of low-rank adapters: B learns faster than A.</summary>
/// <remarks>LoRA+, arXiv:2402.12354. The groups are PEFT's: embeddings; B and vectors, of which biases do not decay;
/// everything else.</remarks>
public sealed record LoraPlus
{
    /// <summary>λ, what the rate of B is divided by that of A.</summary>
    public required double Ratio { get; init; }

    /// <summary>The rate of what is trained on embeddings.</summary>
    public double EmbeddingRate { get; init; } = 1e-6;

    /// <summary>The rate of a tensor.</summary>
    /// <param name="name">Its name in PEFT's files.</param>
    /// <param name="dimensions">How many dimensions it has.</param>
    /// <param name="rate">The rate of A.</param>
    public double RateOf(string name, int dimensions, double rate) => name switch
    {
        _ when IsEmbedding(name) => EmbeddingRate,
        _ when IsFast(name, dimensions) => rate * Ratio,
        _ => rate,
    };

    /// <summary>Whether a tensor decays: all but biases, and of fast ones the scales of LayerNorm.</summary>
    /// <param name="name">Its name in PEFT's files.</param>
    /// <param name="dimensions">How many dimensions it has.</param>
    /// <param name="isLayerNorm">Whether it belongs to a normalisation that subtracts the mean.</param>
    public static bool Decays(string name, int dimensions, bool isLayerNorm) => IsEmbedding(name)
        || !IsFast(name, dimensions)
        || !(isLayerNorm || name.Contains("bias", StringComparison.Ordinal));

    private static bool IsEmbedding(string name) => name.Contains("lora_embedding", StringComparison.Ordinal)
        || name.EndsWith("embed_tokens.weight", StringComparison.Ordinal)
        || name.EndsWith("wte.weight", StringComparison.Ordinal);

    private static bool IsFast(string name, int dimensions) =>
        dimensions == 1 || name.Contains("lora_B", StringComparison.Ordinal);
}
