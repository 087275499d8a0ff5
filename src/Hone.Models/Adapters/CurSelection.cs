using Hone.Models.Adapters.Building;
using Hone.Torch;
using Hone.Torch.Random;

namespace Hone.Models.Adapters;

/// <summary>Which columns and rows of a weight CURLoRA takes.</summary>
/// <remarks>
/// CURLoRA, arXiv:2408.14572, section 3: p = ‖w‖²/‖W‖² of each column (row), and a draw by q ∝ 1/(p + 0.001), which
/// prefers those that matter least. Draws are with replacement, by the inverse of the running sum of q.
/// </remarks>
public static class CurSelection
{
    private const double Epsilon = 0.001;

    /// <summary>q of each column or row; they add up to 1.</summary>
    /// <param name="weight">W, <c>[out, in]</c>.</param>
    /// <param name="dimension">1 for columns, 0 for rows.</param>
    public static double[] Probabilities(Tensor weight, int dimension)
    {
        using var noGrad = Autograd.NoGrad();
        using var scope = TensorScope.Open();
        var squares = weight.To(DType.Float64);
        squares *= squares;
        var inverse = (squares.Sum(1 - dimension) / squares.Sum() + Epsilon).Reciprocal();
        return (inverse / inverse.Sum()).ToArray<double>();
    }

    /// <summary>The columns or rows that draws choose.</summary>
    /// <param name="probabilities">q of each.</param>
    /// <param name="draws">Numbers in [0, 1).</param>
    public static int[] Choose(IReadOnlyList<double> probabilities, IEnumerable<double> draws)
    {
        var sums = new double[probabilities.Count];
        var sum = 0.0;
        for (var i = 0; i < sums.Length; i++)
        {
            sums[i] = sum += probabilities[i];
        }

        // The first whose running sum is above the draw.
        int First(double draw) => Array.FindIndex(sums, above => above > draw);
        return [.. draws.Select(draw => First(draw) is >= 0 and var found ? found : sums.Length - 1)];
    }

    internal static Tensor Of(Tensor weight, int rank, int dimension, FreshDraws draws)
    {
        var random = new CounterRandom(draws.Seed, RandomPurpose.Adapters);
        var chosen = Choose(Probabilities(weight, dimension), Enumerable.Range(0, rank).Select(
            i => random.Uniform(draws.Place, (uint)i)));
        return Tensor.From<float>(Array.ConvertAll(chosen, index => (float)index), rank);
    }
}
