namespace Hone.Training.Ranks;

/// <summary>Divides a list of work among ranks. Every rank finds the same division without a word.</summary>
public static class WorkShares
{
    private const int PiecesToExchange = 512; // of more the first division is even enough

    /// <summary>Shares of about equal cost, for work whose costs are known: the costliest first, each to the rank that
    /// has least; then pieces are exchanged as long as that leaves the rank that has most with less.</summary>
    /// <remarks>Graham, "Bounds on Multiprocessing Timing Anomalies", 1969: no rank has more than 4/3 of what is
    /// possible. What we added: the exchange, which for 8 pieces on 2 ranks halves what is missing to equal
    /// shares.</remarks>
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

        while (costs.Count <= PiecesToExchange && BestExchange(costs, loads, shares) is { } exchange)
        {
            exchange.Make(loads, shares);
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

    /// <summary>What leaves the rank that has most, and the rank it deals with, with least; null where nothing leaves
    /// both with less than that.</summary>
    private static Exchange? BestExchange(IReadOnlyList<long> costs, long[] loads, List<int>[] shares)
    {
        var most = Array.IndexOf(loads, loads.Max());
        var (best, least) = ((Exchange?)null, loads[most]);
        for (var other = 0; other < loads.Length; other++)
        {
            foreach (var given in other == most ? [] : shares[most])
            {
                foreach (var taken in shares[other].Prepend(Exchange.Nothing))
                {
                    var moved = costs[given] - (taken == Exchange.Nothing ? 0 : costs[taken]);
                    var load = Math.Max(loads[most] - moved, loads[other] + moved);
                    if (load < least)
                    {
                        (best, least) = (new Exchange(most, other, given, taken, moved), load);
                    }
                }
            }
        }

        return best;
    }

    /// <summary>A piece that goes from a rank to another, perhaps against one that comes back.</summary>
    private readonly record struct Exchange(int From, int To, int Given, int Taken, long Moved)
    {
        public const int Nothing = -1;

        public void Make(long[] loads, List<int>[] shares)
        {
            shares[From].Remove(Given);
            shares[To].Add(Given);
            if (Taken != Nothing)
            {
                shares[To].Remove(Taken);
                shares[From].Add(Taken);
            }

            loads[From] -= Moved;
            loads[To] += Moved;
        }
    }
}
