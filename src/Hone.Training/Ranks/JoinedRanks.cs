using Hone.Torch;

namespace Hone.Training.Ranks;

/// <summary>One of several processes that train together over Gloo.</summary>
/// <param name="group">The processes; whoever made it disposes of it.</param>
/// <param name="shareMemory">Whether those of one machine may sum gradients in memory that all of them map.</param>
public sealed class JoinedRanks(ProcessGroup group, bool shareMemory = true) : IRanks
{
    /// <inheritdoc/>
    public int Rank => group.Rank;

    /// <inheritdoc/>
    public int Count => group.Size;

    /// <inheritdoc/>
    public CancellationToken StopRequested => group.StopRequested;

    /// <inheritdoc/>
    public void RequestStop() => group.RequestStop();

    /// <inheritdoc/>
    public byte[][] Gather(ReadOnlySpan<byte> own) => group.Gather(own);

    /// <inheritdoc/>
    public void Share(Tensor tensor) => group.Broadcast(tensor, root: 0);

    /// <inheritdoc/>
    public IGradientSum SumOf(IReadOnlyList<Tensor> weights) =>
        shareMemory && SharedGradientSum.Join(group, weights) is { } shared
            ? new SharedGradients(shared)
            : new ReducedGradients(new GradientReducer(group, weights));

    private sealed class SharedGradients(SharedGradientSum sum) : IGradientSum
    {
        public void Finish() => sum.Finish();

        public void Dispose() => sum.Dispose();
    }

    private sealed class ReducedGradients(GradientReducer reducer) : IGradientSum
    {
        public void Arm(Tensor root) => reducer.Arm(root);

        public void Finish() => reducer.Finish();

        public void Dispose() => reducer.Dispose();
    }
}
