namespace Hone.Rewards;

/// <summary>What a reward says of an answer: a score, that it does not apply, or why it could not judge. A failure is
/// never a silent 0.</summary>
public abstract record RewardOutcome
{
    private RewardOutcome()
    {
    }

    /// <summary>A score.</summary>
    /// <param name="Value">A finite number; higher is better.</param>
    public sealed record Scored(double Value) : RewardOutcome;

    /// <summary>The reward has nothing to say of this row.</summary>
    public sealed record DoesNotApply : RewardOutcome;

    /// <summary>The reward could not judge.</summary>
    /// <param name="Reason">Why, in words.</param>
    public sealed record Failed(string Reason) : RewardOutcome;
}
