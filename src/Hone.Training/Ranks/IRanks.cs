using Hone.Torch;

namespace Hone.Training.Ranks;

/// <summary>The processes that train one model together, as one of them sees it. All of them make the same calls in the
/// same order.</summary>
public interface IRanks
{
    /// <summary>This process's number, from 0. Rank 0 writes the run folder and speaks.</summary>
    public int Rank { get; }

    /// <summary>The number of processes.</summary>
    public int Count { get; }

    /// <summary>Is cancelled when any rank was asked to stop.</summary>
    public CancellationToken StopRequested { get; }

    /// <summary>Lets every rank know that all should stop. May be called from any thread.</summary>
    public void RequestStop();

    /// <summary>The bytes of every rank, in the order of ranks.</summary>
    public byte[][] Gather(ReadOnlySpan<byte> own);

    /// <summary>Overwrites a tensor by that of rank 0.</summary>
    public void Share(Tensor tensor);

    /// <summary>What sums the gradients of weights over the ranks.</summary>
    /// <param name="weights">Leaves that require gradients, in the order of the forward pass.</param>
    public IGradientSum SumOf(IReadOnlyList<Tensor> weights);
}
