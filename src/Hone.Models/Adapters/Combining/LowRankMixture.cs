using Hone.Torch;

namespace Hone.Models.Adapters.Combining;

/// <summary>The factors of one matrix that stand for those of several adapters; their scale is 1.</summary>
/// <remarks>The formulas are PEFT's, whose <c>add_weighted_adapter</c> this follows. Its <c>svd_clamp</c> is left out:
/// it cuts at a quantile of signed numbers, and the signs are whichever the decomposition happens to choose.</remarks>
internal static class LowRankMixture
{
    private static readonly Operator SvdOp = Operator.Find("aten::linalg_svd");

    /// <summary>Combines.</summary>
    /// <param name="parts">The factors on this matrix, each with the weight of its adapter.</param>
    /// <param name="options">How.</param>
    /// <param name="rank">The rank of the result; factors of fewer rows are filled up by zeros.</param>
    /// <returns>A <c>[rank, in]</c> and B <c>[out, rank]</c>.</returns>
    public static (Tensor A, Tensor B) Of(
        IReadOnlyList<(LowRankFactors Factors, double Weight)> parts, MixtureOptions options, int rank) =>
        options.Kind switch
        {
            // Σ wᵢ·sᵢ·Bᵢ·Aᵢ = [B₁ B₂ …]·[w₁s₁A₁; w₂s₂A₂; …]
            MixtureKind.Cat => Filled(
                Tensor.Cat([.. parts.Select(part => part.Factors.A * (part.Weight * part.Factors.Scale))], 0),
                Tensor.Cat([.. parts.Select(part => part.Factors.B)], 1),
                rank),
            MixtureKind.Linear => Factors(parts, rank, tensors => tensors, TaskVectors.Sum),
            MixtureKind.MagnitudePrune => Factors(parts, rank, Pruned(options), TaskVectors.Sum),
            MixtureKind.Ties => Factors(parts, rank, Pruned(options), Elected(options)),
            MixtureKind.Svd => Nearest(
                TaskVectors.Sum([.. parts.Select(Product)], [.. parts.Select(part => part.Weight)]), rank),
            MixtureKind.TiesSvd => Nearest(
                Elected(options)(Pruned(options)([.. parts.Select(Product)]), [.. parts.Select(part => part.Weight)]),
                rank),
            var other => throw new InvalidOperationException($"unknown mixture {other}"),
        };

    // A = f(sgn(wᵢ)·√(|wᵢ|sᵢ), Aᵢ),   B = f(√(|wᵢ|sᵢ), Bᵢ)
    private static (Tensor A, Tensor B) Factors(
        IReadOnlyList<(LowRankFactors Factors, double Weight)> parts,
        int rank,
        Func<IReadOnlyList<Tensor>, IReadOnlyList<Tensor>> prune,
        Func<IReadOnlyList<Tensor>, IReadOnlyList<double>, Tensor> sum)
    {
        double[] roots = [.. parts.Select(part => Math.Sqrt(Math.Abs(part.Weight) * part.Factors.Scale))];
        double[] signed = [.. roots.Zip(parts, (root, part) => root * Math.Sign(part.Weight))];
        var filled = parts.Select(part => Filled(part.Factors.A, part.Factors.B, rank)).ToList();
        return (
            sum(prune([.. filled.Select(part => part.A)]), signed),
            sum(prune([.. filled.Select(part => part.B)]), roots));
    }

    private static Func<IReadOnlyList<Tensor>, IReadOnlyList<Tensor>> Pruned(MixtureOptions options) =>
        tensors => [.. tensors.Select(tensor => TaskVectors.Prune(tensor, options.Density))];

    private static Func<IReadOnlyList<Tensor>, IReadOnlyList<double>, Tensor> Elected(MixtureOptions options) =>
        (tensors, weights) => TaskVectors.Elect(tensors, weights, options.VotesByMagnitude);

    private static Tensor Product((LowRankFactors Factors, double Weight) part) =>
        part.Factors.B.Matmul(part.Factors.A) * part.Factors.Scale;

    // Δ = U·S·V;   B = Uᵣ·Sᵣ,   A = Vᵣ (Eckart and Young, 1936)
    private static (Tensor A, Tensor B) Nearest(Tensor delta, int rank)
    {
        var factors = SvdOp.CallMany(delta, false);
        var kept = Math.Min(rank, (int)factors[1].Count);
        var b = factors[0].Narrow(1, 0, kept) * factors[1].Narrow(0, 0, kept);       // [out, r]
        var a = factors[2].Narrow(0, 0, kept);                                       // [r, in]
        return Filled(a, b, rank);
    }

    private static (Tensor A, Tensor B) Filled(Tensor a, Tensor b, int rank)
    {
        var missing = rank - a.Size(0);
        return missing == 0
            ? (a, b)
            : (Tensor.Cat([a, Tensor.Zeros(DType.Float32, missing, a.Size(1))], 0),
                Tensor.Cat([b, Tensor.Zeros(DType.Float32, b.Size(0), missing)], 1));
    }
}
