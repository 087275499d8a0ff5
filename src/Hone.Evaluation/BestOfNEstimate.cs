namespace Hone.Evaluation;

/// <summary>What best-of-n would reach, estimated from one pool of N ≥ n scored samples.</summary>
/// <remarks>WebGPT, arXiv:2112.09332, appendix I: exact over all subsets of n, so that a whole curve costs one
/// pool.</remarks>
public static class BestOfNEstimate
{
    /// <summary>The expected value of the sample that the proxy likes best among n.</summary>
    /// <param name="proxy">What the choice goes by, <c>[sample]</c>. Of equals the later counts as the better.</param>
    /// <param name="values">What the chosen one is worth, <c>[sample]</c>.</param>
    /// <param name="n">At least 1, at most the number of samples.</param>
    public static double Expected(ReadOnlySpan<double> proxy, ReadOnlySpan<double> values, int n)
    {
        var count = proxy.Length;
        ArgumentOutOfRangeException.ThrowIfNotEqual(values.Length, count);
        ArgumentOutOfRangeException.ThrowIfLessThan(n, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(n, count);

        // Σᵢ C(i − 1, n − 1) / C(N, n) · v₍ᵢ₎ over samples in rising order of the proxy, i = n … N
        var (keys, worth) = (proxy.ToArray(), values.ToArray());
        int[] rising = [.. Enumerable.Range(0, count).OrderBy(i => keys[i])];
        var chance = n / (double)count;
        var expected = 0.0;
        for (var i = count; i >= n; i--)
        {
            expected += chance * worth[rising[i - 1]];
            chance *= i > 1 ? (i - n) / (double)(i - 1) : 0;
        }

        return expected;
    }
}
