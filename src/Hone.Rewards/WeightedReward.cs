namespace Hone.Rewards;

/// <summary>A reward and what its score counts.</summary>
/// <param name="Reward">The reward.</param>
/// <param name="Weight">What the score is multiplied by in the total.</param>
public sealed record WeightedReward(IReward Reward, double Weight);
