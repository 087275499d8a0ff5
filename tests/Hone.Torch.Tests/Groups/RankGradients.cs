namespace Hone.Torch.Tests.Groups;

/// <summary>What ranks learn together in tests of the ways to sum their gradients.</summary>
internal static class RankGradients
{
    /// <summary>The gradients of <see cref="Loss"/> for a = [1 2 3 4 5 6 7] and b = [1 −2] with two micro-batches on
    /// rank 0 and one on rank 1: its weights add up to 1 + 2 + 2 = 5, so that da = 5 and db = 5b.</summary>
    public const string Sums = "5,5,5,5,5,5,5 5,-10";

    /// <summary>The loss of a micro-batch of a rank, (r + 1)(m + 1) · (Σ a + Σ b²/2).</summary>
    public static Tensor Loss(Tensor a, Tensor b, int rank, int microBatch) =>
        (a.Sum() + ((b * b).Sum() / 2)) * ((rank + 1.0) * (microBatch + 1));

    /// <summary>The gradients of some leaves, a word each; a dash for one that has none.</summary>
    public static string Text(params Tensor[] leaves) => string.Join(' ', leaves.Select(
        leaf => leaf.Grad is { } gradient ? string.Join(',', gradient.ToArray<float>()) : "-"));

    /// <summary>A weight that is learnt.</summary>
    public static Tensor Leaf(params float[] values)
    {
        var leaf = Tensor.Of<float>(values);
        leaf.RequiresGrad = true;
        return leaf;
    }
}
