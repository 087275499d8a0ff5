using Hone.Benchmarks.Limits;
using Hone.Torch;

namespace Hone.Benchmarks.Micro;

/// <summary>The fused operators with shapes of a model of 100 million parameters: hidden 768, 12 heads of 64, 4 of
/// keys, 2048 tokens.</summary>
internal static class FusedCases
{
    private const long Tokens = 2048, Hidden = 768, Inner = 2048, Heads = 12, KeyHeads = 4, Size = 64;

    /// <summary>Normalisation, gating and rotation.</summary>
    public static FusedCase[] Layers(DType type)
    {
        var (x, weight) = (Inputs.Leaf(type, 1, Tokens, Hidden), Inputs.Leaf(DType.Float32, 2, Hidden));
        var (gate, up) = (Inputs.Leaf(type, 3, Tokens, Inner), Inputs.Leaf(type, 4, Tokens, Inner));
        var heads = Inputs.Leaf(type, 5, Tokens, Heads, Size);
        var (cos, sin) =
            (Inputs.Normal(DType.Float32, 6, Tokens, Size / 2), Inputs.Normal(DType.Float32, 7, Tokens, Size / 2));
        var positions = Tensor.Arange(0, Tokens);
        return
        [
            new FusedCase($"rms_norm {Tokens}x{Hidden}", "hone::rms_norm", [x, weight],
                op => op.Call(x, weight, 1e-5)) { Cost = Bytes(x, x) },
            new FusedCase($"swiglu {Tokens}x{Inner}", "hone::swiglu", [gate, up],
                op => op.Call(gate, up)) { Cost = Bytes(gate, up, up) },
            new FusedCase(
                $"rotary {Tokens}x{Heads}x{Size}", "hone::rotary", [heads], op => op.Call(heads, cos, sin, positions))
            {
                Cost = Bytes(heads, heads, cos, sin),
            },
        ];
    }

    /// <summary>Attention in packed rows and over the paged cache.</summary>
    public static IEnumerable<FusedCase> Attention(DType type)
    {
        var q = Inputs.Leaf(type, 1, Tokens, Heads, Size);
        var (k, v) = (Inputs.Leaf(type, 2, Tokens, KeyHeads, Size), Inputs.Leaf(type, 3, Tokens, KeyHeads, Size));
        foreach (var (count, length) in new[] { (1, 2048L), (8, 256L), (64, 32L) })
        {
            var starts = Inputs.Starts(count, length);
            yield return new FusedCase(
                $"segment_attention {count}x{length}", "hone::segment_attention", [q, k, v],
                op => op.Call(q, k, v, starts, 0.125))
            {
                // Scores and mixing, each token with those before it and itself.
                Cost = Cost.Of(new Phase { OtherFlops = 4 * Heads * Size * count * length * (length + 1) / 2.0 }),
            };
        }

        const int sequences = 32, context = 512, slots = 16;
        var layout = new PageLayout(type, KeyHeads, Size, slots);
        const long pageCount = sequences * context / slots;
        var (keys, values) =
            (Inputs.Normal(type, 4, layout.Keys(pageCount)), Inputs.Normal(type, 5, layout.Values(pageCount)));
        var table = Tensor.Arange(0, sequences * context / slots, DType.Int32).View(sequences, context / slots);
        var (queryStarts, lengths) =
            (Tensor.Arange(0, sequences + 1, DType.Int32), Tensor.Full(context, DType.Int32, sequences));
        var query = q.Detach().Narrow(0, 0, sequences);
        yield return new FusedCase(
            $"paged_attention {sequences}x1 of {context}", "hone::paged_attention", [],
            op => op.Call(query, keys, values, table, queryStarts, lengths, 0.125))
        {
            Cost = Bytes(keys, values),
        };
    }

    /// <summary>The head with log-probs and entropies.</summary>
    public static FusedCase[] Head(DType type)
    {
        const long tokens = 1024, hidden = 288, vocabulary = 32000;
        var (states, weight) = (Inputs.Leaf(type, 1, tokens, hidden), Inputs.Leaf(type, 2, vocabulary, hidden));
        var targets = Tensor.Arange(0, tokens);
        var product = new MatrixProduct(ProductKind.Forward, tokens, hidden, vocabulary);
        return
        [
            new FusedCase(
                $"linear_log_probs {tokens}x{hidden}x{vocabulary}", "hone::linear_log_probs", [states, weight], op =>
            {
                var outputs = op.CallMany(states, weight, targets);
                return outputs[0] + outputs[1];
            })
            {
                Cost = Cost.Of(new Phase { Products = [new CountedProduct(product, 1)] }),
            },
        ];
    }

    private static Cost Bytes(params ReadOnlySpan<Tensor> moved)
    {
        var bytes = 0.0;
        foreach (var tensor in moved)
        {
            bytes += (double)tensor.Count * tensor.DType.ByteSize();
        }

        return Cost.OfBytes(bytes);
    }
}
