using Hone.Torch;

namespace Hone.Bench;

/// <summary>Each fused operator, forward and with its backward pass, against its composition of ATen operators.</summary>
/// <remarks>The shapes are those of a model of 100 million parameters: hidden 768, 12 heads of 64, 4 of keys, 2048 tokens.</remarks>
internal sealed class FusedOperators(Clock clock)
{
    private const string Group = "fused";

    public IEnumerable<Measurement> Run() =>
        new[] { DType.Float32, DType.BFloat16 }.SelectMany(dtype => OfLayers(dtype).Concat(OfAttention(dtype)).Concat(OfHead(dtype))).Concat(OfOptimizer());

    private Measurement[] OfLayers(DType dtype)
    {
        using var scope = TensorScope.Open();
        var (x, weight) = (Inputs.Leaf(dtype, 1, 2048, 768), Inputs.Leaf(DType.Float32, 2, 768));
        var (gate, up) = (Inputs.Leaf(dtype, 3, 2048, 2048), Inputs.Leaf(dtype, 4, 2048, 2048));
        var heads = Inputs.Leaf(dtype, 5, 2048, 12, 64);
        var (cos, sin) = (Inputs.Normal(DType.Float32, 6, 2048, 32), Inputs.Normal(DType.Float32, 7, 2048, 32));
        var positions = Tensor.Arange(0, 2048);

        return
        [
            .. Both($"rms_norm {dtype} 2048 x 768", "hone::rms_norm", [x, weight], op => op.Call(x, weight, 1e-5)),
            .. Both($"swiglu {dtype} 2048 x 2048", "hone::swiglu", [gate, up], op => op.Call(gate, up)),
            .. Both($"rotary {dtype} 2048 x 12 x 64", "hone::rotary", [heads], op => op.Call(heads, cos, sin, positions)),
        ];
    }

    private List<Measurement> OfAttention(DType dtype)
    {
        using var scope = TensorScope.Open();
        var (q, k, v) = (Inputs.Leaf(dtype, 1, 2048, 12, 64), Inputs.Leaf(dtype, 2, 2048, 4, 64), Inputs.Leaf(dtype, 3, 2048, 4, 64));
        List<Measurement> results = [];
        foreach (var (count, length) in new[] { (1, 2048L), (8, 256L), (64, 32L) })
        {
            var starts = Inputs.Starts(count, length);
            results.AddRange(Both(
                $"segment_attention {dtype} {count} x {length}", "hone::segment_attention", [q, k, v], op => op.Call(q, k, v, starts, 0.125)));
        }

        const int sequences = 32, length512 = 512, slots = 16;
        var pages = Inputs.Normal(dtype, 4, sequences * length512 / slots, slots, 4, 64);
        var table = Tensor.Arange(0, sequences * length512 / slots, DType.Int32).View(sequences, length512 / slots);
        var (queryStarts, lengths) = (Tensor.Arange(0, sequences + 1, DType.Int32), Tensor.Full(length512, DType.Int32, sequences));
        var query = q.Detach().Narrow(0, 0, sequences);
        results.Add(Forward(
            $"paged_attention {dtype} {sequences} x 1 of {length512}",
            "hone::paged_attention",
            op => op.Run(query, pages, pages, table, queryStarts, lengths, 0.125)));
        return results;
    }

    private Measurement[] OfHead(DType dtype)
    {
        using var scope = TensorScope.Open();
        var (hidden, weight) = (Inputs.Leaf(dtype, 1, 1024, 288), Inputs.Leaf(dtype, 2, 32000, 288));
        var targets = Tensor.Arange(0, 1024);
        return Both(
            $"linear_log_probs {dtype} 1024 x 288 x 32000", "hone::linear_log_probs", [hidden, weight], op =>
            {
                var outputs = op.CallMany(hidden, weight, targets);
                return outputs[0] + outputs[1];
            });
    }

    private Measurement[] OfOptimizer()
    {
        using var scope = TensorScope.Open();
        Tensor[] Numbers(uint stream) => [.. Enumerable.Range(0, 15).Select(i => Inputs.Normal(DType.Float32, stream + (uint)i, 1_000_000).Abs())];
        var (parameters, gradients, first, second) = (Numbers(100), Numbers(200), Numbers(300), Numbers(400));
        Tensor[] shadows = [.. parameters.Select(p => p.To(DType.BFloat16))];
        var decay = new double[parameters.Length];
        return
        [
            Forward("adamw_ 15M with bfloat16 shadows", "hone::adamw_", op => op.Run(
                parameters, gradients, first, second, shadows, 1e-3, 0.9, 0.999, 1e-8, decay, 10L, 1.0)),
            Forward("sum_of_squares 15M", "hone::sum_of_squares", op => op.Run(gradients)),
        ];
    }

    private Measurement[] Both(string name, string op, Tensor[] leaves, Func<Operator, Tensor> call)
    {
        var seed = call(Operator.Find(op)).Detach() * 0 + 1;
        return
        [
            Forward(name, op, each =>
            {
                using var noGradients = Autograd.NoGrad();
                call(each);
            }),
            Forward($"{name}, with backward", op, each =>
            {
                call(each).Backward(seed);
                foreach (var leaf in leaves)
                {
                    leaf.Grad = null;
                }
            }),
        ];
    }

    private Measurement Forward(string name, string op, Action<Operator> run)
    {
        var (fused, composite) = (Operator.Find(op), Operator.Find(op, "composite"));
        return Measurement.Gain(
            Group, name, 1e3 * clock.Seconds(() => run(fused)), "ms", "composition", 1e3 * clock.Seconds(() => run(composite)));
    }
}
