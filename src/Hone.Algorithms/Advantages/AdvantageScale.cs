namespace Hone.Algorithms;

/// <summary>What the centred rewards of a group are divided by.</summary>
public enum AdvantageScale
{
    /// <summary>The standard deviation of the group (GRPO).</summary>
    Group,

    /// <summary>The standard deviation of the whole batch.</summary>
    Batch,

    /// <summary>Nothing (Dr. GRPO).</summary>
    None,
}
