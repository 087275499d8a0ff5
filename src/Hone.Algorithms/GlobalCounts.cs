namespace Hone.Algorithms;

/// <summary>What an optimizer step contains in all its micro-batches, on all ranks. Known before the first backward
/// pass.</summary>
/// <param name="Tokens">Tokens that the loss counts.</param>
/// <param name="Sequences">Sequences, empty ones included.</param>
public readonly record struct GlobalCounts(double Tokens, double Sequences)
{
    /// <summary>The counts of two parts of a step.</summary>
    public static GlobalCounts operator +(GlobalCounts left, GlobalCounts right) =>
        new(left.Tokens + right.Tokens, left.Sequences + right.Sequences);

    /// <summary>The counts of one micro-batch.</summary>
    public static GlobalCounts Of(Sequences sequences) => new(sequences.Tokens, sequences.Count);
}
