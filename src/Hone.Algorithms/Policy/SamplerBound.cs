namespace Hone.Algorithms;

/// <summary>What happens to an importance weight outside its range.</summary>
public enum SamplerBound
{
    /// <summary>It is moved to the nearest bound.</summary>
    Truncate,

    /// <summary>It becomes 0: the tokens do not count.</summary>
    Mask,
}
