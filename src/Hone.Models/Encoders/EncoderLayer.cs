using Hone.Models.Layers;
using Hone.Torch;

namespace Hone.Models.Encoders;

/// <summary>One layer of an encoder: x ← LN(x + attention(x)), then x ← LN(x + ff(x)).</summary>
internal sealed class EncoderLayer(EncoderConfig config)
{
    private readonly long _dim = config.HiddenSize / config.HeadCount;

    public required Linear Query { get; init; }

    public required Linear Key { get; init; }

    public required Linear Value { get; init; }

    public required Linear Output { get; init; }

    public required Norm AttentionNorm { get; init; }

    public required Linear Up { get; init; }

    public required Linear Down { get; init; }

    public required Norm FeedForwardNorm { get; init; }

    /// <summary>Passes packed texts <c>[token, hidden]</c> through.</summary>
    public Tensor Apply(Tensor x, EqualSegments[] groups)
    {
        using var scope = TensorScope.Open();
        var attended = AttentionNorm.Apply(x + Output.Apply(Attend(x, groups))); // [token, hidden]
        var inner = Up.Apply(attended).Activate(config.Activation);              // [token, inner]
        return scope.Keep(FeedForwardNorm.Apply(attended + Down.Apply(inner)));
    }

    private Tensor Attend(Tensor x, EqualSegments[] groups)
    {
        var (query, key, value) = (Query.Apply(x), Key.Apply(x), Value.Apply(x)); // [token, hidden]
        var scale = 1 / Math.Sqrt(_dim);

        // softmax(q·kᵀ/√d)·v, where each token sees the whole of its own text and nothing else
        return Tensor.Cat([.. groups.Select(group =>
        {
            using var scope = TensorScope.Open();
            var (q, k, v) = (Heads(query, group), Heads(key, group), Heads(value, group));    // [text, head, time, dim]
            var weights = (q.Matmul(k.Transpose(2, 3)) * scale).Softmax(3); // [text, head, time, time]
            var mixed = weights.Matmul(v).Transpose(1, 2);                                    // [text, time, head, dim]
            return scope.Keep(mixed.Reshape(group.Count * group.Length, config.HiddenSize));
        })]);
    }

    private Tensor Heads(Tensor rows, EqualSegments group) => rows
        .Narrow(0, group.Start, group.Count * group.Length)
        .View(group.Count, group.Length, config.HeadCount, _dim)
        .Transpose(1, 2);
}
