using Hone.Cli.Training;
using Hone.Torch;
using Hone.Training;
using Hone.Training.Progress;

namespace Hone.Cli.Ranks;

/// <summary>The trainer as rank 0 of several on this machine, the others of which it starts.</summary>
/// <param name="ranks">The number of ranks.</param>
/// <param name="words">The arguments of the others.</param>
internal sealed class LaunchedTraining(int ranks, IReadOnlyList<string> words) : ITraining
{
    /// <summary>Where they meet: nobody on another machine has to reach them.</summary>
    public const string Loopback = "127.0.0.1";

    /// <inheritdoc/>
    public TrainingResult Run(LocatedRecipe recipe, bool resume, ITrainingObserver observer, CancellationToken cancel)
    {
        using var compute = new ComputeThread();
        return compute.Run(() =>
        {
            var meeting = Rendezvous.Open(Loopback, port: 0);
            using var helpers = LocalRanks.Start(ranks, meeting.Port, words);
            try
            {
                using var group = Join(meeting, helpers, cancel);
                return GroupTraining.Run(group, recipe, resume, observer, cancel);
            }
            catch (ProcessGroupException fault)
            {
                throw new ProcessGroupException(string.Join('\n', [fault.Message, .. helpers.Words(fault.Message)]));
            }
        });
    }

    private ProcessGroup Join(Rendezvous meeting, LocalRanks helpers, CancellationToken cancel)
    {
        using var either = CancellationTokenSource.CreateLinkedTokenSource(cancel, helpers.Ended);
        try
        {
            return ProcessGroup.Join(meeting, new ProcessGroupOptions { Rank = 0, Size = ranks }, either.Token);
        }
        catch (OperationCanceledException) when (!cancel.IsCancellationRequested)
        {
            throw new ProcessGroupException("all ranks must come together, one has ended before");
        }
    }
}
