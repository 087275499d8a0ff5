using Hone.Torch;

namespace Hone.Training.Ranks;

/// <summary>Sums the gradients of an update over all ranks.</summary>
public interface IGradientSum : IDisposable
{
    /// <summary>Says that the backward pass from <paramref name="root"/> that comes next is this rank's last one of the
    /// update, so that what it reaches may be sent as it is reached.</summary>
    public void Arm(Tensor root);

    /// <summary>Waits until every weight's gradient is the sum over all ranks.</summary>
    public void Finish();
}
