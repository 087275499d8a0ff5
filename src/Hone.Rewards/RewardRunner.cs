namespace Hone.Rewards;

/// <summary>Judges answers by several rewards, in parallel, each answer within a deadline.</summary>
/// <param name="rewards">The rewards.</param>
/// <param name="deadline">The longest that the rewards may take for one answer. One that does not end by itself is left
/// behind.</param>
/// <param name="time">The clock of the deadline.</param>
public sealed class RewardRunner(IReadOnlyList<WeightedReward> rewards, TimeSpan deadline, TimeProvider time)
{
    private static readonly TimeSpan Glance = TimeSpan.FromMilliseconds(20);

    /// <summary>
    /// The rewards, in the order of what <see cref="Score(IReadOnlyList{RewardInput}, CancellationToken)"/> gives.
    /// </summary>
    public IReadOnlyList<WeightedReward> Rewards { get; } = rewards;

    /// <summary>
    /// Judges all answers: <c>[answer][reward]</c>. Whatever a reward throws is its outcome's reason.
    /// </summary>
    /// <exception cref="OperationCanceledException">The caller called it off.</exception>
    public RewardOutcome[][] Score(IReadOnlyList<RewardInput> answers, CancellationToken cancel)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancel);
        var judgements = answers.Select(answer => new Judgement(Rewards, answer, time)).ToArray();
        var workers = Enumerable.Range(0, Math.Min(Environment.ProcessorCount, judgements.Length))
            .Select(_ => new Worker(judgements, limit.Token))
            .ToList();
        foreach (var judgement in judgements)
        {
            while (!judgement.Wait(Glance))
            {
                cancel.ThrowIfCancellationRequested();
                if (judgement.Elapsed > deadline && judgement.GiveUp(deadline))
                {
                    // The worker that hangs cannot be stopped; another one takes its place.
                    workers.Add(new Worker(judgements, limit.Token));
                }
            }
        }

        limit.Cancel();
        return [.. judgements.Select(judgement => judgement.Outcomes)];
    }

    /// <summary>A thread that takes one answer after the other until none is left.</summary>
    private sealed class Worker
    {
        public Worker(Judgement[] judgements, CancellationToken cancel)
        {
            var thread = new Thread(() =>
            {
                foreach (var judgement in judgements)
                {
                    judgement.TryRun(cancel);
                }
            })
            {
                IsBackground = true,
                Name = "hone reward",
            };
            thread.Start();
        }
    }
}
