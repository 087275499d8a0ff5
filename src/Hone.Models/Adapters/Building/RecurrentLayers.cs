using Hone.Models.Layers;
using Hone.Torch;

namespace Hone.Models.Adapters.Building;

/// <summary>Recurrent layers (LSTM) in both directions.</summary>
/// <remarks>Hochreiter and Schmidhuber, "Long short-term memory", 1997, with a forget gate; weights are named and laid
/// out as PyTorch does.</remarks>
internal sealed class RecurrentLayers
{
    private static readonly Operator Lstm = Operator.Find("aten::lstm", "input");

    private readonly IReadOnlyList<Parameter> _weights;
    private readonly int _inner;
    private readonly int _layers;

    private RecurrentLayers(IReadOnlyList<Parameter> weights, int inner, int layers) =>
        (_weights, _inner, _layers) = (weights, inner, layers);

    /// <summary>Asks for the weights.</summary>
    public static RecurrentLayers Of(AdapterBuilder builder, string name, long inputs, int inner, int layers)
    {
        const int gates = 4;
        var bound = 1 / Math.Sqrt(inner);
        var weights = new List<Parameter>();
        for (var layer = 0; layer < layers; layer++)
        {
            foreach (var direction in (string[])["", "_reverse"])
            {
                var width = layer == 0 ? inputs : 2L * inner;
                foreach (var (part, shape) in new (string Part, long[] Shape)[]
                {
                    ("weight_ih", [gates * inner, width]),
                    ("weight_hh", [gates * inner, inner]),
                    ("bias_ih", [gates * inner]),
                    ("bias_hh", [gates * inner]),
                })
                {
                    var full = $"{name}.{part}_l{layer}{direction}";
                    weights.Add(builder.Add(full, shape, draws => draws.Uniform(shape, bound), fileName: ""));
                }
            }
        }

        return new RecurrentLayers(weights, inner, layers);
    }

    /// <summary>Goes over a sequence <c>[time, in]</c>; the result is <c>[time, 2 · inner]</c>.</summary>
    public Tensor Apply(Tensor x)
    {
        var start = Tensor.Zeros(x.DType, 2L * _layers, 1, _inner);
        Tensor[] weights = [.. _weights.Select(weight => weight.Value)];
        return Lstm.CallMany(x.Unsqueeze(0), new[] { start, start }, weights, true, _layers, 0.0, false, true, true)[0]
            .Squeeze(0);
    }
}
