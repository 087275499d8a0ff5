namespace Hone.Fuzz;

/// <summary>The draws of one run, the same for the same seed on every machine.</summary>
/// <remarks>SplitMix64 of Steele, Lea and Flood, "Fast splittable pseudorandom number generators", OOPSLA
/// 2014.</remarks>
/// <param name="seed">Decides all of them.</param>
internal sealed class Draws(ulong seed)
{
    private ulong _state = seed;

    public ulong Next()
    {
        var z = _state += 0x9E3779B97F4A7C15;
        z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9;
        z = (z ^ (z >> 27)) * 0x94D049BB133111EB;
        return z ^ (z >> 31);
    }

    /// <summary>A whole number in [0, <paramref name="count"/>).</summary>
    public int Below(int count) => (int)(Next() % (ulong)count);

    public T Of<T>(IReadOnlyList<T> choices) => choices[Below(choices.Count)];
}
