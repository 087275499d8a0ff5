using Hone.Models.Adapters;
using Hone.Models.Configuration;
using Hone.Torch;

namespace Hone.Models.Layers;

/// <summary>One layer: attention and the feed-forward part, each added to the residual stream.</summary>
internal sealed class DecoderLayer
{
    /// <summary>The layer's number, counted from 0.</summary>
    public required int Index { get; init; }

    public required AdapterSwitch Adapters { get; init; }

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
        var attended = Add(
            LayerPlace.Attention, x, AttentionOutNorm.Apply(Attention.Apply(normal, inputs)));        // [token, hidden]
        var feed = Residual switch
        {
            ResidualKind.Sequential => FeedForwardNorm.Apply(attended),
            ResidualKind.Parallel => FeedForwardNorm.Apply(x),
            ResidualKind.ParallelSharedNorm => normal,
            _ => throw new InvalidOperationException($"unknown residual {Residual}"),
        };
        return scope.Keep(Add(
            LayerPlace.FeedForward, attended, FeedForwardOutNorm.Apply(FeedForward.Apply(feed))));    // [token, hidden]
    }

    private Tensor Add(LayerPlace place, Tensor stream, Tensor output)
    {
        var scaled = ResidualScale == 1 ? output : output * ResidualScale;
        if (Adapters.Pass is { } pass)
        {
            return stream + pass.After(place, Index, stream, scaled);
        }

        // What a part gave is read by nobody else, and by no backward pass: the sum takes its place.
        return scaled.DType == stream.DType ? scaled.AddInPlace(stream) : stream + scaled;
    }
}
