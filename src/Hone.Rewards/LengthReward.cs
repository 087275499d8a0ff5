namespace Hone.Rewards;

/// <summary>max(0, 1 − |length − target| / tolerance): answers should have a certain length.</summary>
/// <param name="Target">The length wished for, in tokens.</param>
/// <param name="Tolerance">The difference, in tokens, at which the score is 0.</param>
public sealed record LengthReward(int Target, double Tolerance) : IReward
{
    /// <inheritdoc/>
    public string Name => "length";

    /// <inheritdoc/>
    public RewardOutcome Score(RewardInput input, CancellationToken cancel) =>
        new RewardOutcome.Scored(Math.Max(0, 1 - (Math.Abs(input.Tokens.Count - Target) / Tolerance)));
}
