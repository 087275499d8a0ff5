namespace Hone.Algorithms;

/// <summary>What a probability ratio compares.</summary>
public enum RatioLevel
{
    /// <summary>One token (PPO).</summary>
    Token,

    /// <summary>A whole sequence, as the geometric mean over its tokens (GSPO).</summary>
    Sequence,
}
