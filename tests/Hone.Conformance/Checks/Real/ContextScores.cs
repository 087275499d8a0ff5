using Hone.Models;
using Hone.Torch;

namespace Hone.Conformance.Checks.Real;

/// <summary>What may follow a context.</summary>
internal static class ContextScores
{
    /// <summary>log p of each of some tokens behind a context.</summary>
    public static double[] OfNext(Decoder decoder, int[] context, int[] tokens)
    {
        using var scope = TensorScope.Open();
        using var noGrad = Autograd.NoGrad();
        var hidden = decoder.Hidden(TokenBatch.Of(context));
        var last = hidden.Narrow(0, context.Length - 1, 1).Expand(tokens.Length, hidden.Size(1)).Contiguous();
        var targets = Tensor.From<long>([.. tokens.Select(token => (long)token)], tokens.Length);
        return decoder.Head.LogProbs(last, targets).LogProbs.ToArray<double>();
    }
}
