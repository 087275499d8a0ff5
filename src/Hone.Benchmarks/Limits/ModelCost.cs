using Hone.Benchmarks.Lines;
using Hone.Models.Configuration;
using Hone.Torch;

namespace Hone.Benchmarks.Limits;

/// <summary>
/// What a model's architecture asks for: the products of its layers, attention, the bytes of its weights.
/// </summary>
/// <remarks>As a user of the arithmetic would count it: nothing is computed twice, and the head counts like any other
/// product.</remarks>
/// <param name="config">The architecture; one with experts is not counted.</param>
public sealed class ModelCost(DecoderConfig config)
{
    private readonly AttentionConfig _heads = config.Attention;

    /// <summary>Weights that every token is multiplied with.</summary>
    public double MultipliedWeights => Linears().Sum(linear => (double)linear.Inner * linear.Columns);

    /// <summary>Bytes of the weights that every token is multiplied with, their scales among them.</summary>
    /// <param name="precision">How they are kept.</param>
    public double WeightBytes(string precision) => Linears().Select((linear, i) =>
        (double)linear.Inner * linear.Columns
            * Precisions.WeightBytes(IsHead(i) ? Precisions.OfHead(precision) : precision)).Sum();

    /// <summary>
    /// The products of a forward pass over some tokens, each done <paramref name="times"/> times for a unit.
    /// </summary>
    /// <param name="tokens">Tokens that go through the layers together.</param>
    /// <param name="logits">Tokens whose logits are wanted.</param>
    /// <param name="times">What one unit has of the pass.</param>
    public IEnumerable<CountedProduct> Forward(long tokens, long logits, double times) => Linears()
        .Select((linear, i) =>
            new MatrixProduct(ProductKind.Forward, IsHead(i) ? logits : tokens, linear.Inner, linear.Columns))
        .Where(product => product.Rows > 0)
        .CountBy(product => product)
        .Select(counted => new CountedProduct(counted.Key, counted.Value * times));

    /// <summary>The products of a forward and a backward pass.</summary>
    /// <param name="tokens">Tokens that go through the layers together.</param>
    /// <param name="targets">Tokens that are trained.</param>
    /// <param name="times">What one unit has of the pass.</param>
    public IEnumerable<CountedProduct> Training(long tokens, long targets, double times) =>
        Forward(tokens, targets, times).SelectMany(
            forward => new[] { forward, Backward(forward, ProductKind.Input), Backward(forward, ProductKind.Weight) });

    /// <summary>Operations of attention for one token that sees <paramref name="context"/> tokens: scores and mixing,
    /// in all layers.</summary>
    public double Attention(double context) =>
        2.0 * config.Layers.Count * _heads.HeadCount * (_heads.HeadSize + _heads.ValueSize) * context;

    /// <summary>Bytes of keys and values that one token leaves behind.</summary>
    public double CacheBytes(DType type) =>
        (double)config.Layers.Count * _heads.KeyValueHeadCount * (_heads.HeadSize + _heads.ValueSize) * type.ByteSize();

    private static CountedProduct Backward(CountedProduct forward, ProductKind kind)
    {
        var (_, rows, inner, columns) = forward.Product;
        return forward with
        {
            Product = kind == ProductKind.Input
                ? new MatrixProduct(kind, rows, columns, inner) : new MatrixProduct(kind, columns, rows, inner),
        };
    }

    private bool IsHead(int linear) => linear == config.Layers.Count * LayerLinears().Length;

    private IEnumerable<(long Inner, long Columns)> Linears() =>
        [.. config.Layers.SelectMany(_ => LayerLinears()), (config.HiddenSize, config.VocabularySize)];

    private (long Inner, long Columns)[] LayerLinears()
    {
        long hidden = config.HiddenSize, inner = config.FeedForward.InnerSize;
        var keys = (long)_heads.KeyValueHeadCount * (_heads.HeadSize + _heads.ValueSize);
        return
        [
            (hidden, ((long)_heads.HeadCount * _heads.HeadSize) + keys),
            ((long)_heads.HeadCount * _heads.ValueSize, hidden),
            (hidden, config.FeedForward.Gated ? 2 * inner : inner),
            (inner, hidden),
        ];
    }
}
