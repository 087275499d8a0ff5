namespace Hone.Rewards;

/// <summary>One answer on its way through the rewards.</summary>
internal sealed class Judgement(IReadOnlyList<WeightedReward> rewards, RewardInput answer, TimeProvider time)
{
    private readonly TaskCompletionSource<RewardOutcome[]> _outcomes = new();
    private long _started;
    private int _taken;

    /// <summary>How long it has been running; zero before it is.</summary>
    public TimeSpan Elapsed =>
        Interlocked.Read(ref _started) is var started and not 0 ? time.GetElapsedTime(started) : TimeSpan.Zero;

    /// <summary>What the rewards said, once it is done.</summary>
    public RewardOutcome[] Outcomes => _outcomes.Task.GetAwaiter().GetResult();

    /// <summary>Judges the answer, unless somebody does so already.</summary>
    public void TryRun(CancellationToken cancel)
    {
        if (Interlocked.Exchange(ref _taken, 1) == 1)
        {
            return;
        }

        Interlocked.Exchange(ref _started, time.GetTimestamp());
        _outcomes.TrySetResult([.. rewards.Select(reward => Score(reward.Reward, cancel))]);
    }

    /// <summary>Waits for the outcomes.</summary>
    public bool Wait(TimeSpan longest) => _outcomes.Task.Wait(longest);

    /// <summary>Settles an answer that takes too long.</summary>
    /// <returns>Whether it was not done after all.</returns>
    public bool GiveUp(TimeSpan deadline)
    {
        var text = $"the rewards must judge an answer within {deadline.TotalSeconds:0.###} s, did not";
        return _outcomes.TrySetResult([.. rewards.Select(_ => new RewardOutcome.Failed(text))]);
    }

    private RewardOutcome Score(IReward reward, CancellationToken cancel)
    {
        try
        {
            return reward.Score(answer, cancel) switch
            {
                RewardOutcome.Scored { Value: var value } when !double.IsFinite(value) =>
                    new RewardOutcome.Failed($"{reward.Name}: the score must be a finite number, got {value}"),
                RewardOutcome.Failed failed => new RewardOutcome.Failed($"{reward.Name}: {failed.Reason}"),
                var outcome => outcome,
            };
        }
        catch (Exception error)
        {
            return new RewardOutcome.Failed($"{reward.Name}: threw {error.GetType().Name}: {error.Message}");
        }
    }
}
