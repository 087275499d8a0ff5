using Hone.Benchmarks.Limits;
using Hone.Torch;

namespace Hone.Benchmarks.Micro;

/// <summary>A fused operator on inputs of one shape.</summary>
/// <param name="Name">Its place in the names of lines, such as <c>rms_norm 2048x768</c>.</param>
/// <param name="Operator">The operator; its composition of ATen operators is its overload <c>composite</c>.</param>
/// <param name="Leaves">The inputs that take gradients.</param>
/// <param name="Call">Calls the operator; its results are one tensor.</param>
internal sealed record FusedCase(string Name, string Operator, Tensor[] Leaves, Func<Operator, Tensor> Call)
{
    /// <summary>What a call without a backward pass asks of the machine at the least.</summary>
    public required Cost Cost { get; init; }
}
