namespace Hone.Evaluation;

/// <summary>The chance that at least one of k samples is right, estimated from n ≥ k samples.</summary>
/// <remarks>Evaluating large language models trained on code, arXiv:2107.03374, eq. 1: exact over all subsets of
/// k.</remarks>
public static class PassAtK
{
    /// <summary>The estimate for one problem.</summary>
    /// <param name="samples">n, at least 1.</param>
    /// <param name="right">c of the n samples are right.</param>
    /// <param name="k">At least 1, at most n.</param>
    public static double Estimate(int samples, int right, int k)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(k, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(k, samples);
        ArgumentOutOfRangeException.ThrowIfNegative(right);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(right, samples);

        // 1 − C(n − c, k) / C(n, k) = 1 − Π (1 − k/i) over i = n − c + 1 … n
        if (samples - right < k)
        {
            return 1;
        }

        var allWrong = 1.0;
        for (var i = samples - right + 1; i <= samples; i++)
        {
            allWrong *= 1 - (k / (double)i);
        }

        return 1 - allWrong;
    }

    /// <summary>The mean estimate over problems.</summary>
    /// <param name="problems">Samples and right ones of each.</param>
    /// <param name="k">As above.</param>
    public static double Mean(IReadOnlyCollection<(int Samples, int Right)> problems, int k) =>
        problems.Average(problem => Estimate(problem.Samples, problem.Right, k));
}
