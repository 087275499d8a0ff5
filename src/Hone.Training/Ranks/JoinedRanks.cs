using Hone.Torch;

namespace Hone.Training.Ranks;

/// <summary>One of several processes that train together over Gloo.</summary>
/// <param name="group">The processes; whoever made it disposes of it.</param>
public sealed class JoinedRanks(ProcessGroup group) : IRanks
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
        new ReducedGradients(new GradientReducer(group, weights));

    private sealed class ReducedGradients(GradientReducer reducer) : IGradientSum
    {
        public void Arm(Tensor root) => reducer.Arm(root);

        public void Finish() => reducer.Finish();

        public void Dispose() => reducer.Dispose();
    }
}
