using Hone.Torch;

namespace Hone.Algorithms.Optimizers;

/// <summary>Averages of a parameter over updates. The average changes in place.</summary>
/// <remarks>Running mean: stochastic weight averaging, arXiv:1803.05407, algorithm 1. Exponential: Polyak–Ruppert with
/// decay.</remarks>
public static class WeightAverage
{
    /// <summary>a ← d·a + (1 − d)·p; the first update copies.</summary>
    /// <param name="average">The average.</param>
    /// <param name="parameter">The parameter after an update.</param>
    /// <param name="decay">d, the share of the average that stays.</param>
    /// <param name="update">The number of this update, from 1.</param>
    public static void Exponential(Tensor average, Tensor parameter, double decay, long update)
    {
        using var still = Autograd.NoGrad();
        if (update == 1)
        {
            average.CopyFrom(parameter);
        }
        else
        {
            InPlace.Average(average, parameter, decay);
        }
    }

    /// <summary>a ← a + (p − a)/n: the plain mean of all updates so far.</summary>
    /// <param name="average">The average.</param>
    /// <param name="parameter">The parameter after an update.</param>
    /// <param name="update">The number of this update, from 1.</param>
    public static void Running(Tensor average, Tensor parameter, long update)
    {
        using var still = Autograd.NoGrad();
        using var scope = TensorScope.Open();
        average.AddInPlace(parameter - average, 1.0 / update);
    }
}
