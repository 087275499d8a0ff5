namespace Hone.Rewards;

/// <summary>Judges answers. It holds no state, so that answers are judged in parallel and in any order.</summary>
public interface IReward
{
    /// <summary>The name it has in recipes and metrics.</summary>
    public string Name { get; }

    /// <summary>Judges one answer.</summary>
    /// <param name="input">The answer and what it answers.</param>
    /// <param name="cancel">Asks to stop, when the deadline has passed.</param>
    public RewardOutcome Score(RewardInput input, CancellationToken cancel);
}
