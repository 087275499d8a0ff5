using Hone.Torch;

namespace Hone.Training.Ranks;

/// <summary>Sums the gradients of an update over all ranks.</summary>
public interface IGradientSum : IDisposable
{
    /// <summary>Says that an update begins, before any weight has a gradient.</summary>
    /// <param name="before">Tokens of the largest micro-batch that comes before all gradients are there as a
    /// whole.</param>
    /// <param name="beside">Tokens of the largest one whose activations lie beside them; 0 where there is
    /// none.</param>
    public void Begin(int before, int beside)
    {
    }

    /// <summary>Says that the backward pass from <paramref name="root"/> that comes next is this rank's last one of the
    /// update, so that what it reaches may be sent as it is reached.</summary>
    public void Arm(Tensor root)
    {
    }

    /// <summary>Waits until every weight's gradient is the sum over all ranks.</summary>
    public void Finish();

    /// <summary>Lets go of memory that is kept for the next update only.</summary>
    public void MakeRoom()
    {
    }
}
