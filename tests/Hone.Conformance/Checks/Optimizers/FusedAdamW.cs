using Hone.Algorithms.Optimizers;
using Hone.Torch;

namespace Hone.Conformance.Checks.Optimizers;

/// <summary>One parameter under the one-pass AdamW that training uses.</summary>
/// <param name="rule">The options, of decoupled decay.</param>
/// <param name="start">The parameter before the first step.</param>
/// <param name="withShadow">Whether a bfloat16 copy is written along.</param>
internal sealed class FusedAdamW(Adam rule, Tensor start, bool withShadow)
{
    private readonly Tensor _first = start.ZerosLike();
    private readonly Tensor _second = start.ZerosLike();

    /// <summary>The parameter, float32.</summary>
    public Tensor Parameter { get; } = start.Clone();

    /// <summary>Its bfloat16 copy.</summary>
    public Tensor Shadow { get; } = start.To(DType.BFloat16);

    /// <summary>Whether the one-pass operator has an option for everything that the rule asks for.</summary>
    public static bool Offers(IUpdateRule rule) => rule is Adam { Decoupled: true, AmsGrad: false, Maximize: false };

    /// <summary>One step.</summary>
    public void Step(Tensor gradient, double learningRate, long step) => Fused.AdamW(
        [Parameter],
        [gradient.Contiguous()],
        [_first],
        [_second],
        withShadow ? [Shadow] : [],
        [rule.WeightDecay],
        new AdamWStep(learningRate, rule.Beta1, rule.Beta2, rule.Epsilon, step));
}
