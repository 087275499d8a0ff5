using Hone.Torch;

namespace Hone.Algorithms.Optimizers;

/// <summary>The updates that optimizers share. All change their first tensor itself.</summary>
internal static class InPlace
{
    private static readonly Operator AddCMul = Operator.Find("aten::addcmul_");
    private static readonly Operator AddCDiv = Operator.Find("aten::addcdiv_");

    /// <summary>a ← β·a + (1 − β)·x.</summary>
    public static void Average(Tensor average, Tensor value, double beta) =>
        average.MultiplyInPlace(beta).AddInPlace(value, 1 - beta);

    /// <summary>v ← β·v + (1 − β)·x².</summary>
    public static void AverageSquares(Tensor average, Tensor value, double beta) =>
        AddCMul.Run(average.MultiplyInPlace(beta), value, value, 1 - beta);

    /// <summary>p ← p + s·a/b.</summary>
    public static void AddQuotient(Tensor target, Tensor numerator, Tensor denominator, double scale) =>
        AddCDiv.Run(target, numerator, denominator, scale);

    /// <summary>p ← p·(1 − η·λ): decay that does not pass through the gradient's statistics.</summary>
    public static void Decay(Tensor parameter, double learningRate, double weightDecay) =>
        parameter.MultiplyInPlace(1 - (learningRate * weightDecay));
}
