using Hone.Models.Configuration;
using Hone.Torch;

namespace Hone.Models.Layers;

/// <summary>One layer: attention and the feed-forward part, each added to the residual stream.</summary>
internal sealed class DecoderLayer(
    DecoderConfig config, Norm attentionNorm, AttentionPart attention, Norm feedForwardNorm, FeedForwardPart feedForward)
{
    /// <summary>Passes the residual stream <c>[token, hidden]</c> through.</summary>
    public Tensor Apply(Tensor x, LayerInputs inputs)
    {
        using var scope = TensorScope.Open();
        var attended = x + Scaled(attention.Apply(attentionNorm.Apply(x), inputs));                 // [token, hidden]
        return scope.Keep(attended + Scaled(feedForward.Apply(feedForwardNorm.Apply(attended)))); // [token, hidden]
    }

    private Tensor Scaled(Tensor x) => config.ResidualScale == 1 ? x : x * config.ResidualScale;
}
