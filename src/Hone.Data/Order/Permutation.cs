using System.Numerics;

namespace Hone.Data;

/// <summary>A shuffle that is a function, not a list: where an index goes depends on the key alone, costs nothing to
/// keep, and can be asked for any position at once.</summary>
/// <remarks> The swap-or-not shuffle (Hoang, Morris and Rogaway, "An Enciphering Scheme Based on a Card Shuffle",
/// arXiv:1208.1176, figure 1). Round r pairs each x with Kᵣ − x (mod n) and swaps the two if a coin says so that both
/// share. It takes about 6·log₂ n rounds to be near uniform; few indices need the constant besides.
/// </remarks>
public readonly struct Permutation
{
    private const int RoundsBesides = 24;

    private readonly ulong _key;
    private readonly ulong _count;
    private readonly int _rounds;

    /// <summary>The permutation of <paramref name="count"/> indices for one seed and one epoch.</summary>
    public Permutation(ulong seed, long epoch, long count)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(count);
        _key = Mixing.Combine(seed, (ulong)epoch);
        _count = (ulong)count;
        _rounds = RoundsBesides + (6 * BitOperations.Log2(_count | 1));
    }

    /// <summary>How many indices it permutes.</summary>
    public long Count => (long)_count;

    /// <summary>Where <paramref name="index"/> goes: each of 0 … <see cref="Count"/> − 1 exactly once.</summary>
    public long this[long index]
    {
        get
        {
            ArgumentOutOfRangeException.ThrowIfNegative(index);
            ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(index, Count);
            var x = (ulong)index;
            for (var round = 1; round <= _rounds; round++)
            {
                var roundKey = Mixing.Combine(_key, (ulong)round);
                var sum = Math.BigMul(roundKey, _count, out _); // Kᵣ, evenly 0 … n − 1
                var partner = sum >= x ? sum - x : sum + _count - x;
                x = (Mixing.Combine(roundKey, Math.Max(x, partner)) & 1) == 0 ? x : partner;
            }

            return (long)x;
        }
    }
}
