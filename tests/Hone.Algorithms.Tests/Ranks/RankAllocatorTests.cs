using Hone.Algorithms.Ranks;
using Hone.Torch;

namespace Hone.Algorithms.Tests.Ranks;

public sealed class RankAllocatorTests
{
    [Fact]
    public void Importance_and_uncertainty_are_running_means()
    {
        using var scope = TensorScope.Open();
        var triplet = Triplet([1], [2], [4], gradient: 0.5f);
        using var allocator = new RankAllocator([triplet], beta1: 0.5, beta2: 0.75);

        allocator.Observe();
        var first = State(allocator);
        allocator.Observe(gradientFactor: 2);
        var second = State(allocator);

        // E: I = |2·0.5| = 1; Ī = 0.5·0 + 0.5·1 = 0.5; U = 0.25·|1 − 0.5| = 0.125.
        Assert.Equal((0.5, 0.125), (first["importance.m.lora_E"], first["uncertainty.m.lora_E"]));

        // With gradients of twice the size: I = 2; Ī = 0.25 + 1 = 1.25; U = 0.75·0.125 + 0.25·0.75 = 0.28125.
        Assert.Equal((1.25, 0.28125), (second["importance.m.lora_E"], second["uncertainty.m.lora_E"]));
    }

    [Fact]
    public void The_ranks_that_matter_least_of_all_matrices_together_go()
    {
        using var scope = TensorScope.Open();
        var first = Triplet([0.1f, 3], [1, 1], [0.1f, 3], gradient: 1);
        var second = Triplet([0.2f, 2], [1, 1], [0.2f, 2], gradient: 1);
        using var allocator = new RankAllocator([first, second], beta1: 0.5, beta2: 0.5);
        allocator.Observe();

        // Scores are I²/8 each: of the ranks 1/8·(1 + p² + p²) with p = 0.1, 3, 0.2, 2; two may stay.
        var kept = allocator.Prune(2);

        Assert.Equal([[false, true], [false, true]], kept);
        Assert.Equal([0, 1], first.E.ToArray<float>());
        Assert.Equal([0, 1], second.E.ToArray<float>());
    }

    [Fact]
    public void A_budget_of_all_ranks_prunes_none()
    {
        using var scope = TensorScope.Open();
        var triplet = Triplet([1, 2], [3, 4], [5, 6], gradient: 1);
        using var allocator = new RankAllocator([triplet], 0.5, 0.5);

        Assert.Equal([[true, true]], allocator.Prune(2));
        Assert.Equal([3, 4], triplet.E.ToArray<float>());
    }

    [Fact]
    public void Settled_ranks_stay_gone_when_updates_move_them()
    {
        using var scope = TensorScope.Open();
        var triplet = Triplet([0.1f, 3], [1, 1], [0.1f, 3], gradient: 1);
        using var allocator = new RankAllocator([triplet], 0.5, 0.5);
        var pruning = new RankPruning(allocator, new RankBudget
        {
            Initial = 2,
            Target = 1,
            WarmUp = 0,
            Final = 1,
            Interval = 1,
            Total = 2,
        });

        // The last step before the ranks settle is 0; in step 1 they do.
        pruning.AfterStep(0);
        pruning.AfterStep(1);
        using (Autograd.NoGrad())
        {
            triplet.E.AddInPlace(Tensor.Of(5f, 5f).View(2, 1), 1);
        }

        pruning.AfterStep(2);

        Assert.Equal([[false, true]], pruning.Kept!);
        Assert.Equal([0, 6], triplet.E.ToArray<float>());
    }

    [Fact]
    public void Orthonormal_rows_and_columns_cost_nothing_and_others_their_distance()
    {
        using var scope = TensorScope.Open();
        var straight = new RankTriplet("m", Matrix(2, 1, 0, 0, 1), Matrix(1, 0, 0), Matrix(2, 1, 0, 0, 1));
        var doubled = straight with { A = Matrix(2, 2, 0, 0, 2) };

        // A·Aᵀ − 1 = 3·1, of which the norm is √18; B costs nothing; the mean of two.
        Assert.Equal(0, RankAllocator.NonOrthogonality([straight]).Item(), AbsoluteTolerance.Of(1e-7));
        Assert.Equal(
            Math.Sqrt(18) / 2, RankAllocator.NonOrthogonality([doubled]).Item(), AbsoluteTolerance.Of(1e-6));
    }

    // Factors of inner width 1, all with the same gradient.
    private static RankTriplet Triplet(float[] a, float[] e, float[] b, float gradient)
    {
        var triplet = new RankTriplet("m", Matrix(a.Length, a), Matrix(e.Length, e), Matrix(1, b));
        foreach (var factor in new[] { triplet.A, triplet.E, triplet.B })
        {
            factor.RequiresGrad = true;
            factor.Grad = Tensor.Full(gradient, DType.Float32, factor.Shape);
        }

        return triplet;
    }

    private static Tensor Matrix(int rows, params float[] values) =>
        Tensor.From<float>(values, rows, values.Length / rows);

    private static Dictionary<string, double> State(RankAllocator allocator) =>
        allocator.State.ToDictionary(one => one.Key, one => one.Value.Sum().Item());
}
