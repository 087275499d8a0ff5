using Hone.Torch;

namespace Hone.Training.Ranks;

/// <summary>The gradients of a process that trains by itself: they are their sum.</summary>
/// <remarks>
/// Their memory stays for the next update where that costs nothing. It lies beside the activations of every micro-batch
/// then, also of the first, beside which there are no gradients otherwise; so it stays only as long as the first is no
/// larger than one that had gradients beside it, in this update or before. The peak of a run is the same with it, and
/// so is every bit of its result.
/// </remarks>
/// <param name="weights">Leaves that require gradients. They are borrowed.</param>
internal sealed class OwnGradients(IReadOnlyList<Tensor> weights) : IGradientSum
{
    private readonly bool _mayKeep =
        weights is [_, ..] && weights.All(weight => weight.DType == DType.Float32 && weight.Device == Device.Cpu);

    private GradientMemory? _memory;
    private int _mostBeside;

    /// <inheritdoc/>
    public void Begin(int before, int beside)
    {
        _mostBeside = Math.Max(_mostBeside, beside);
        if (!_mayKeep || beside == 0 || before > _mostBeside)
        {
            MakeRoom();
        }
        else
        {
            _memory ??= Make();
        }
    }

    /// <inheritdoc/>
    public void Finish()
    {
    }

    /// <inheritdoc/>
    public void MakeRoom()
    {
        _memory?.Dispose();
        _memory = null;
    }

    /// <inheritdoc/>
    public void Dispose() => MakeRoom();

    private GradientMemory Make()
    {
        using var scope = TensorScope.Open();
        return new GradientMemory(weights, Tensor.Empty(DType.Float32, GradientMemory.CountOf(weights)));
    }
}
