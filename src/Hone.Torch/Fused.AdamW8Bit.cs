namespace Hone.Torch;

public static partial class Fused
{
    private static readonly Operator AdamW8BitOp = Operator.Find("hone::adamw_8bit_");

    /// <summary>One step of AdamW over all parameters, with moments of 8 bits.</summary>
    /// <remarks>
    /// 8-bit optimizers, arXiv:2110.02861, section 2: moments are made of their codes, move as in <see cref="AdamW"/>,
    /// and become the nearest codes over the largest magnitude of their block. The first moment is of
    /// <see cref="CodeTable.SignedBytes"/>, the second of <see cref="CodeTable.UnsignedBytes"/>.
    /// </remarks>
    /// <param name="parameters">Float32, contiguous; written.</param>
    /// <param name="gradients">One for each parameter, float32 or bfloat16.</param>
    /// <param name="firstMoments">m; written.</param>
    /// <param name="secondMoments">v; written.</param>
    /// <param name="weightDecay">λ of each parameter.</param>
    /// <param name="step">What all parameters share.</param>
    public static void AdamW8Bit(
        Tensor[] parameters, Tensor[] gradients, CodedMoment[] firstMoments, CodedMoment[] secondMoments,
        double[] weightDecay, AdamWStep step)
    {
        using var scope = TensorScope.Open();
        AdamW8BitOp.Run(
            parameters,
            gradients,
            Array.ConvertAll(firstMoments, moment => moment.Codes),
            Array.ConvertAll(firstMoments, moment => moment.Scales),
            Array.ConvertAll(secondMoments, moment => moment.Codes),
            Array.ConvertAll(secondMoments, moment => moment.Scales),
            CodeTable.SignedBytes.ToTensor(),
            CodeTable.UnsignedBytes.ToTensor(),
            step.LearningRate,
            step.Beta1,
            step.Beta2,
            step.Epsilon,
            weightDecay,
            step.Step,
            step.GradientScale);
    }
}
