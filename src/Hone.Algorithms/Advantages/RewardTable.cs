namespace Hone.Algorithms;

/// <summary>The rewards of a batch: one row a sample, one column a reward; NaN where a reward does not apply.</summary>
/// <remarks>Samples of one prompt, a group, follow each other.</remarks>
public sealed class RewardTable
{
    private readonly double[] _values;
    private readonly double[] _weights;

    /// <summary>A table of <c>[sample, reward]</c>, row-major.</summary>
    /// <param name="values">The rewards.</param>
    /// <param name="weights">The weight of each reward, <c>[reward]</c>.</param>
    /// <exception cref="ArgumentException">The values do not fill rows of that many rewards.</exception>
    public RewardTable(ReadOnlySpan<double> values, params ReadOnlySpan<double> weights)
    {
        if (weights.Length == 0 || values.Length % weights.Length != 0)
        {
            throw new ArgumentException(
                $"values: must fill rows of {weights.Length} rewards, found {values.Length} values");
        }

        _values = values.ToArray();
        _weights = weights.ToArray();
    }

    /// <summary>Number of samples.</summary>
    public int Samples => _values.Length / _weights.Length;

    /// <summary>Number of rewards.</summary>
    public int Rewards => _weights.Length;

    /// <summary>All samples' values of one reward, <c>[sample]</c>.</summary>
    public double[] Column(int reward) =>
        [.. Enumerable.Range(0, Samples).Select(sample => _values[(sample * Rewards) + reward])];

    /// <summary>Rₛ = Σₖ wₖ·rₛₖ over the rewards that apply, <c>[sample]</c>; NaN where none does.</summary>
    public double[] Totals() => WeightedSums(_values);

    /// <summary>Weighted sums over the rewards that apply of a table of this shape, <c>[sample]</c>.</summary>
    internal double[] WeightedSums(ReadOnlySpan<double> values)
    {
        var sums = new double[Samples];
        for (var sample = 0; sample < sums.Length; sample++)
        {
            var (sum, any) = (0.0, false);
            for (var reward = 0; reward < Rewards; reward++)
            {
                var value = values[(sample * Rewards) + reward];
                if (!double.IsNaN(value))
                {
                    (sum, any) = (sum + (_weights[reward] * value), true);
                }
            }

            sums[sample] = any ? sum : double.NaN;
        }

        return sums;
    }
}
