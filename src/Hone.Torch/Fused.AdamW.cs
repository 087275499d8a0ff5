namespace Hone.Torch;

public static partial class Fused
{
    private static readonly Operator AdamWOp = Operator.Find("hone::adamw_");
    private static readonly Operator SumOfSquaresOp = Operator.Find("hone::sum_of_squares");

    /// <summary>One step of AdamW over all parameters, in one pass over their memory.</summary>
    /// <remarks>
    /// AdamW, arXiv:1711.05101, algorithm 2, with the decay multiplied by the learning rate as in PyTorch:
    /// p ← p(1 − lr·λ); m ← β₁m + (1 − β₁)g; v ← β₂v + (1 − β₂)g²; p ← p − lr/(1 − β₁ᵗ) · m / (√v/√(1 − β₂ᵗ) + ε).
    /// </remarks>
    /// <param name="parameters">Float32, contiguous; written.</param>
    /// <param name="gradients">One for each parameter, float32 or bfloat16.</param>
    /// <param name="firstMoments">m, float32; written.</param>
    /// <param name="secondMoments">v, float32; written.</param>
    /// <param name="shadows">Empty, or for each parameter a bfloat16 copy that is written (an empty tensor:
    /// none).</param>
    /// <param name="weightDecay">λ of each parameter.</param>
    /// <param name="step">What all parameters share.</param>
    public static void AdamW(
        Tensor[] parameters,
        Tensor[] gradients,
        Tensor[] firstMoments,
        Tensor[] secondMoments,
        Tensor[] shadows,
        double[] weightDecay,
        AdamWStep step) =>
        AdamWOp.Run(
            parameters,
            gradients,
            firstMoments,
            secondMoments,
            shadows,
            step.LearningRate,
            step.Beta1,
            step.Beta2,
            step.Epsilon,
            weightDecay,
            step.Step,
            step.GradientScale);

    /// <summary>
    /// Σ x² over all elements of all tensors, float64 <c>[]</c>; added up in float64 in a fixed order.
    /// </summary>
    public static Tensor SumOfSquares(Tensor[] tensors) => SumOfSquaresOp.Call(tensors);
}
