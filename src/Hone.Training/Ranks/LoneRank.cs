using Hone.Torch;

namespace Hone.Training.Ranks;

/// <summary>A process that trains by itself.</summary>
public sealed class LoneRank : IRanks
{
    /// <inheritdoc/>
    public int Rank => 0;

    /// <inheritdoc/>
    public int Count => 1;

    /// <inheritdoc/>
    public CancellationToken StopRequested => CancellationToken.None;

    /// <inheritdoc/>
    public void RequestStop()
    {
    }

    /// <inheritdoc/>
    public byte[][] Gather(ReadOnlySpan<byte> own) => [own.ToArray()];

    /// <inheritdoc/>
    public void Share(Tensor tensor)
    {
    }

    /// <inheritdoc/>
    public IGradientSum SumOf(IReadOnlyList<Tensor> weights) => new OwnGradients(weights);
}
