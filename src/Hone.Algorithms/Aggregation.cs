using Hone.Torch;

namespace Hone.Algorithms;

/// <summary>Turns the terms of tokens into the loss of an optimizer step. Nothing else divides.</summary>
/// <remarks>
/// The divisor is that of the whole step, not of the micro-batch: the losses of micro-batches add up to the same
/// number, and their gradients to the same gradient, however the step is cut.
/// </remarks>
public abstract record Aggregation
{
    private Aggregation()
    {
    }

    /// <summary>The part of the step's loss that these tokens contribute, <c>[]</c>.</summary>
    /// <param name="terms">The term of each token, <c>[token]</c>; of each pair for <see cref="PairMean"/>.</param>
    /// <param name="sequences">The sequences of these tokens.</param>
    /// <param name="counts">The counts of the whole step.</param>
    public Tensor Reduce(Tensor terms, Sequences sequences, GlobalCounts counts)
    {
        using var scope = TensorScope.Open();
        var weights = Tensor.Of<double>(Weights(sequences, counts)).To(terms.DType); // [token]
        return scope.Keep((terms * weights).Sum());                                 // []
    }

    /// <summary>The weight of each token's term in the step's loss, <c>[token]</c>; of each pair's for
    /// <see cref="PairMean"/>.</summary>
    public double[] Weights(Sequences sequences, GlobalCounts counts)
    {
        if (this is PairMean)
        {
            return [.. Enumerable.Repeat(2 / counts.Sequences, sequences.Count / 2)];
        }

        var weights = new double[sequences.Tokens];
        var start = 0;
        for (var i = 0; i < sequences.Count; i++)
        {
            var length = sequences.Length(i);
            weights.AsSpan(start, length).Fill(Weight(length, counts));
            start += length;
        }

        return weights;
    }

    private double Weight(int length, GlobalCounts counts) => this switch
    {
        TokenMean => 1 / Math.Max(1, counts.Tokens),
        SequenceMean => 1 / (counts.Sequences * length),
        SequenceSum => 1 / counts.Sequences,
        PerSequenceConstant constant => 1 / (counts.Sequences * constant.Tokens),
        _ => throw new InvalidOperationException($"there is no aggregation {this}"),
    };

    /// <summary>Σᵢ Σₜ lᵢₜ / Σᵢ |yᵢ|: every token counts the same (SFT; DAPO, arXiv:2503.14476, eq. 8).</summary>
    public sealed record TokenMean : Aggregation;

    /// <summary>1/S Σᵢ 1/|yᵢ| Σₜ lᵢₜ: every sequence counts the same (GRPO, arXiv:2402.03300, eq. 3).</summary>
    public sealed record SequenceMean : Aggregation;

    /// <summary>1/S Σᵢ Σₜ lᵢₜ: long sequences count more (LUSPO, arXiv:2602.05261).</summary>
    public sealed record SequenceSum : Aggregation;

    /// <summary>1/(S·L) Σᵢ Σₜ lᵢₜ with a constant L (Dr. GRPO, arXiv:2503.20783, section 3.2).</summary>
    /// <param name="Tokens">L, commonly the longest completion that is allowed.</param>
    public sealed record PerSequenceConstant(double Tokens) : Aggregation;

    /// <summary>1/P Σₚ lₚ: every pair of sequences that follow each other counts the same (DPO, arXiv:2305.18290,
    /// eq. 7).</summary>
    public sealed record PairMean : Aggregation;
}
