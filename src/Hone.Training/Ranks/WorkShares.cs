namespace Hone.Training.Ranks;

/// <summary>Divides a list of work among ranks. Every rank finds the same division without a word.</summary>
public static class WorkShares
{
    /// <summary>Shares of about equal cost, for work whose costs are known: the costliest first, each to the rank that
    /// has least.</summary>
    /// <remarks>Graham, "Bounds on Multiprocessing Timing Anomalies", 1969: no rank has more than 4/3 of what is
    /// possible.</remarks>
    /// <param name="costs">The cost of each piece, such as its tokens.</param>
    /// <param name="ranks">Ranks.</param>
    /// <returns>The pieces of each rank by index, ascending.</returns>
    public static int[][] Balanced(IReadOnlyList<long> costs, int ranks)
    {
        var loads = new long[ranks];
        var shares = Enumerable.Range(0, ranks).Select(_ => new List<int>()).ToArray();
        foreach (var piece in Enumerable.Range(0, costs.Count).OrderByDescending(piece => costs[piece]))
        {
            var rank = Array.IndexOf(loads, loads.Min());
            loads[rank] += costs[piece];
            shares[rank].Add(piece);
        }

        return [.. shares.Select(share => share.Order().ToArray())];
    }

    /// <summary>Neighbours stay together: shares of equal number, for work whose costs nobody knows yet.</summary>
    /// <param name="count">Pieces.</param>
    /// <param name="ranks">Ranks.</param>
    /// <returns>The pieces of each rank by index, ascending.</returns>
    public static int[][] Contiguous(int count, int ranks) =>
    [
        .. Enumerable.Range(0, ranks).Select(rank =>
        {
            var (start, end) = ((int)((long)count * rank / ranks), (int)((long)count * (rank + 1) / ranks));
            return Enumerable.Range(start, end - start).ToArray();
        }),
    ];
}
