using Hone.Models.Configuration;
using Hone.Torch;

namespace Hone.Models.Layers;

/// <summary>Picks the experts of each token.</summary>
/// <param name="experts">The sizes and rules.</param>
/// <param name="weight">The router's matrix, <c>[expert, hidden]</c>.</param>
/// <param name="choiceBias">What is added to scores for the choice alone, <c>[expert]</c>; or null.</param>
internal sealed class ExpertRouter(ExpertConfig experts, Parameter weight, Parameter? choiceBias)
{
    /// <summary>
    /// The experts of each token, int64 <c>[token, k]</c>, and their weights, float32 <c>[token, k]</c>.
    /// </summary>
    public (Tensor Ids, Tensor Weights) Route(Tensor x)
    {
        var logits = x.To(DType.Float32).Linear(weight.Value.To(DType.Float32)); // [token, expert]
        var scores = experts.Score == RouterScore.Softmax ? logits.Softmax(-1) : logits.Sigmoid();
        var ids = Choose(choiceBias is null ? scores : scores + choiceBias.Value.To(DType.Float32)); // [token, k]
        var weights = scores.Gather(1, ids);
        if (experts.Renormalise)
        {
            weights = weights / (weights.Sum(-1, keepDim: true) + 1e-20);
        }

        return (ids, experts.Factor == 1 ? weights : weights * experts.Factor);
    }

    private Tensor Choose(Tensor scores)
    {
        using var noGrad = Autograd.NoGrad();
        if (experts.Groups > 1)
        {
            // Only experts of the groups with the best sums of their best scores can be chosen.
            var tokens = scores.Size(0);
            var grouped = scores.Detach().View(tokens, experts.Groups, experts.Count / experts.Groups); // [token, group, expert]
            var groupScores = grouped.TopK(experts.GroupScores).Values.Sum(-1); // [token, group]
            var least = groupScores.TopK(experts.GroupsPerToken).Values.Min(-1, keepDim: true);         // [token, 1]
            var dropped = groupScores.LessThan(least).Unsqueeze(-1).Expand(grouped.Shape);
            scores = grouped.MaskedFill(dropped, double.NegativeInfinity).View(tokens, experts.Count);
        }

        return scores.Detach().TopK(experts.PerToken).Indices;
    }
}
