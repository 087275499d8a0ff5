namespace Hone.Torch;

/// <summary>What an adapter makes of the product with a matrix of a decoder: g ⊙ (W(h ⊙ x) + b) + Σ s·U·A·(h ⊙ x) +
/// c.</summary>
public sealed record MatrixChange
{
    /// <summary>The products of low rank, in the order of their rows.</summary>
    public required IReadOnlyList<LowRankTerm> Terms { get; init; }

    /// <summary>g, float32 <c>[out]</c>; null for ones.</summary>
    public Tensor? Gain { get; init; }

    /// <summary>c, float32 <c>[out]</c>; null for zeros.</summary>
    public Tensor? Offset { get; init; }

    /// <summary>h, float32 <c>[in]</c>; null for ones. Only of the matrix that goes back from the feed-forward
    /// part.</summary>
    public Tensor? Inputs { get; init; }
}

/// <summary>s·U·A of some outputs of a matrix.</summary>
/// <param name="Row">The first of the outputs.</param>
/// <param name="Lower">A, float32 <c>[rank, in]</c>.</param>
/// <param name="Upper">U, float32 <c>[outputs, rank]</c>.</param>
/// <param name="Scale">s.</param>
public sealed record LowRankTerm(long Row, Tensor Lower, Tensor Upper, double Scale);
