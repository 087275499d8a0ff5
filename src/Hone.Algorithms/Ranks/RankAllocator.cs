using Hone.Torch;

namespace Hone.Algorithms.Ranks;

/// <summary>Measures how much each rank of each matrix matters, and prunes those that matter least.</summary>
/// <remarks>
/// AdaLoRA, arXiv:2303.10512, eq. 7 to 10. The importance of a number is the running mean of |p·∂L/∂p| times that of
/// its uncertainty; that of a rank is its E's, plus the mean of its row of A, plus the mean of its column of B.
/// </remarks>
public sealed class RankAllocator : IDisposable
{
    private static readonly Operator Norm = Operator.Find("aten::linalg_vector_norm");

    private readonly double _beta1;
    private readonly double _beta2;
    private readonly Measured[][] _measured;

    /// <summary>Nothing is measured yet.</summary>
    /// <param name="triplets">The matrices. They are borrowed.</param>
    /// <param name="beta1">β₁, the share of the mean of importance that stays.</param>
    /// <param name="beta2">β₂, the share of the mean of uncertainty that stays.</param>
    public RankAllocator(IReadOnlyList<RankTriplet> triplets, double beta1, double beta2)
    {
        (Triplets, _beta1, _beta2) = (triplets, beta1, beta2);
        using var still = Autograd.NoGrad();
        _measured = [.. triplets.Select(one => new[]
        {
            Measured.Of($"{one.Name}.lora_A", one.A),
            Measured.Of($"{one.Name}.lora_E", one.E),
            Measured.Of($"{one.Name}.lora_B", one.B),
        })];
    }

    /// <summary>The matrices.</summary>
    public IReadOnlyList<RankTriplet> Triplets { get; }

    /// <summary>The running means by names that begin with <c>importance.</c> or <c>uncertainty.</c>, each of the shape
    /// of its factor.</summary>
    public IEnumerable<KeyValuePair<string, Tensor>> State =>
        _measured.SelectMany(parts => parts).SelectMany(part => new[]
        {
            KeyValuePair.Create("importance." + part.Name, part.Importance),
            KeyValuePair.Create("uncertainty." + part.Name, part.Uncertainty),
        });

    /// <summary>Takes the gradients of a step into account. The factors are already those after the step.</summary>
    /// <param name="gradientFactor">What gradients were multiplied by in the step, such as by clipping.</param>
    public void Observe(double gradientFactor = 1)
    {
        using var still = Autograd.NoGrad();
        foreach (var part in _measured.SelectMany(parts => parts).Where(part => part.Factor.Grad is not null))
        {
            using var scope = TensorScope.Open();

            // I = |p·g|;   Ī ← β₁·Ī + (1 − β₁)·I;   U ← β₂·U + (1 − β₂)·|I − Ī|
            var now = (part.Factor * part.Factor.Grad! * gradientFactor).Abs();
            part.Importance.MultiplyInPlace(_beta1).AddInPlace(now, 1 - _beta1);
            part.Uncertainty.MultiplyInPlace(_beta2).AddInPlace((now - part.Importance).Abs(), 1 - _beta2);
        }
    }

    /// <summary>Sets E to 0 where ranks matter least, until no more than the budget are left.</summary>
    /// <param name="budget">Ranks of all matrices together. Of ranks that matter alike all go.</param>
    /// <returns>For each matrix, for each of its ranks, whether it is left.</returns>
    public IReadOnlyList<bool[]> Prune(int budget)
    {
        float[][] scores = [.. _measured.Select(Scores)];
        var ordered = scores.SelectMany(score => score).Order().ToArray();
        var pruned = Math.Max(0, ordered.Length - budget);
        bool[][] kept = [.. scores.Select(
            score => score.Select(one => pruned == 0 || one > ordered[pruned - 1]).ToArray())];
        Keep(kept);
        return kept;
    }

    /// <summary>Sets E to 0 for ranks that are not kept.</summary>
    /// <param name="kept">For each matrix, for each of its ranks, whether it stays.</param>
    public void Keep(IReadOnlyList<bool[]> kept)
    {
        using var still = Autograd.NoGrad();
        using var scope = TensorScope.Open();
        foreach (var (triplet, ranks) in Triplets.Zip(kept))
        {
            float[] factors = [.. ranks.Select(stays => stays ? 1f : 0f)];
            triplet.E.CopyFrom(triplet.E * Tensor.From<float>(factors, triplet.Rank, 1));
        }
    }

    /// <summary>The mean over all A and B of how far their rows and columns are from orthonormal, ‖P·Pᵀ − 1‖ and ‖Qᵀ·Q
    /// − 1‖ (Frobenius); differentiable.</summary>
    public static Tensor NonOrthogonality(IReadOnlyList<RankTriplet> triplets)
    {
        using var scope = TensorScope.Open();
        var distances = triplets.SelectMany(one => new[]
        {
            Distance(one.A.Matmul(one.A.Transpose(0, 1))),
            Distance(one.B.Transpose(0, 1).Matmul(one.B)),
        });
        return scope.Keep(Tensor.Stack([.. distances]).Mean());
    }

    /// <summary>Frees the means.</summary>
    public void Dispose()
    {
        foreach (var (_, mean) in State)
        {
            mean.Dispose();
        }
    }

    private static Tensor Distance(Tensor gram)
    {
        var one = Tensor.From<float>(Identity((int)gram.Size(0)), gram.Size(0), gram.Size(0)).To(gram.DType);
        return Norm.Call(gram - one, 2.0);
    }

    private static float[] Identity(int size)
    {
        var values = new float[size * size];
        for (var i = 0; i < size; i++)
        {
            values[(i * size) + i] = 1;
        }

        return values;
    }

    private static float[] Scores(Measured[] parts)
    {
        using var still = Autograd.NoGrad();
        using var scope = TensorScope.Open();
        var a = parts[0].Score().Mean(1);                                                      // [r]
        var e = parts[1].Score().View(-1);                                                     // [r]
        var b = parts[2].Score().Mean(0);                                                      // [r]
        return (e + (a + b)).To(DType.Float32).ToArray<float>();
    }

    private sealed record Measured(string Name, Tensor Factor, Tensor Importance, Tensor Uncertainty)
    {
        public static Measured Of(string name, Tensor factor) => new(
            name, factor, TensorScope.Detach(factor.ZerosLike()), TensorScope.Detach(factor.ZerosLike()));

        public Tensor Score() => Importance * Uncertainty;
    }
}
