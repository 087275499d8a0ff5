namespace Hone.Data;

/// <summary>The finalizer of SplitMix64 (Steele, Lea and Flood 2014): a bijection of 64 bits that looks like
/// chance.</summary>
internal static class Mixing
{
    private const ulong GoldenRatio = 0x9E3779B97F4A7C15;

    /// <summary>Mixes one word.</summary>
    public static ulong Mix(ulong value)
    {
        value = (value ^ (value >> 30)) * 0xBF58476D1CE4E5B9;
        value = (value ^ (value >> 27)) * 0x94D049BB133111EB;
        return value ^ (value >> 31);
    }

    /// <summary>A key that depends on both words and on their order.</summary>
    public static ulong Combine(ulong key, ulong value) => Mix(Mix(key + GoldenRatio) + value + GoldenRatio);
}
