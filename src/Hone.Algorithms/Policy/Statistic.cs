namespace Hone.Algorithms;

/// <summary>How the values of tokens become one logged number.</summary>
public enum Statistic
{
    /// <summary>Their mean.</summary>
    Mean,

    /// <summary>The smallest mean of a sequence.</summary>
    Lowest,

    /// <summary>The largest mean of a sequence.</summary>
    Highest,
}
