namespace Hone.Algorithms.Schedules;

/// <summary>The form of a rise from 0 to 1 and of the fall back.</summary>
public enum Ramp
{
    /// <summary>A straight line.</summary>
    Linear,

    /// <summary>Half a cosine wave.</summary>
    Cosine,

    /// <summary>1 − √(1 − x) up, 1 − √x down.</summary>
    OneMinusSquareRoot,
}
