using Hone.Models.Configuration;
using Hone.Torch;

namespace Hone.Models.Layers;

/// <summary>One layer: attention and the feed-forward part, each added to the residual stream.</summary>
internal sealed class DecoderLayer
{
    public required ResidualKind Residual { get; init; }

    public required double ResidualScale { get; init; }

    public required AttentionPart Attention { get; init; }

    public required IFeedForward FeedForward { get; init; }

    /// <summary>Of what goes into attention.</summary>
    public required INorm AttentionNorm { get; init; }

    /// <summary>Of what comes out of attention.</summary>
    public required INorm AttentionOutNorm { get; init; }

    /// <summary>Of what goes into the feed-forward part.</summary>
    public required INorm FeedForwardNorm { get; init; }

    /// <summary>Of what comes out of the feed-forward part.</summary>
    public required INorm FeedForwardOutNorm { get; init; }

    /// <summary>Passes the residual stream <c>[token, hidden]</c> through.</summary>
    public Tensor Apply(Tensor x, LayerInputs inputs)
    {
        using var scope = TensorScope.Open();
        var normal = AttentionNorm.Apply(x);
        var attended = x + Scaled(AttentionOutNorm.Apply(Attention.Apply(normal, inputs))); // [token, hidden]
        var feed = Residual switch
        {
            ResidualKind.Sequential => FeedForwardNorm.Apply(attended),
            ResidualKind.Parallel => FeedForwardNorm.Apply(x),
            ResidualKind.ParallelSharedNorm => normal,
            _ => throw new InvalidOperationException($"unknown residual {Residual}"),
        };
        return scope.Keep(attended + Scaled(FeedForwardOutNorm.Apply(FeedForward.Apply(feed)))); // [token, hidden]
    }

    private Tensor Scaled(Tensor x) => ResidualScale == 1 ? x : x * ResidualScale;
}
