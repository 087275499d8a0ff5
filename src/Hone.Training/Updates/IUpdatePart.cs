using Hone.Torch;
using Hone.Training.Metrics;

namespace Hone.Training.Updates;

/// <summary>What takes part in every update beside the objective.</summary>
internal interface IUpdatePart
{
    /// <summary>What is added to the loss, once an update, <c>[]</c>.</summary>
    public Tensor Penalty();

    /// <summary>Does what is due when the weights have moved and the gradients are still there.</summary>
    /// <param name="update">The number of the update, from 1.</param>
    /// <param name="gradientFactor">What gradients were multiplied by in the update.</param>
    /// <param name="metrics">Where the metrics go.</param>
    public void AfterStep(long update, double gradientFactor, MetricSet metrics);
}
