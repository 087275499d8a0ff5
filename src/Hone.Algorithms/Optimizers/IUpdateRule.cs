using Hone.Torch;

namespace Hone.Algorithms.Optimizers;

/// <summary>How one parameter changes in one optimizer step. The parameter and its state change in place.</summary>
/// <remarks>
/// Written as operations on tensors, in the dtype of the parameter: the definition that faster paths are held to. The
/// step number is the caller's, so that a rule holds nothing that a checkpoint would miss.
/// </remarks>
public interface IUpdateRule
{
    /// <summary>The names of the tensors that a parameter needs from step to step, each of the parameter's
    /// shape.</summary>
    public IReadOnlyList<string> StateNames { get; }

    /// <summary>Updates <paramref name="parameter"/> and <paramref name="state"/>, which is zeros before the first
    /// step.</summary>
    /// <param name="parameter">The parameter; it needs no gradient recording switched off by the caller.</param>
    /// <param name="gradient">Its gradient, of the same shape and dtype; not changed.</param>
    /// <param name="state">The tensors of <see cref="StateNames"/>, in that order.</param>
    /// <param name="learningRate">The rate of this step.</param>
    /// <param name="step">The number of this step, from 1.</param>
    public void Update(Tensor parameter, Tensor gradient, IReadOnlyList<Tensor> state, double learningRate, long step);
}
