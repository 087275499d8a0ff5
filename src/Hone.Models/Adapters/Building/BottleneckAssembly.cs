using Hone.Models.Adapters.Kinds;
using Hone.Models.Adapters.Parts;
using Hone.Models.Configuration;
using Hone.Models.Layers;
using Hone.Torch;

namespace Hone.Models.Adapters.Building;

/// <summary>Puts bottleneck adapters together.</summary>
internal static class BottleneckAssembly
{
    /// <summary>Asks for the tensors and puts the parts in their places.</summary>
    public static void Build(AdapterBuilder builder, BottleneckConfig config)
    {
        var model = builder.Modules.Config;
        if (model.Residual != ResidualKind.Sequential)
        {
            throw new CheckpointException("adapter BOTTLENECK: attention and the feed-forward part must follow each "
                + "other, in this model they stand side by side");
        }

        foreach (var layer in Enumerable.Range(0, model.Layers.Count).Where(layer => !config.LeftOut.Contains(layer)))
        {
            var prefix = $"{builder.Modules.Names.LayerPrefix}{layer}";
            if (config.AfterAttention)
            {
                builder.Put(LayerPlace.Attention, layer, Part(
                    builder, config, layer, $"{prefix}.attention_adapters.adapters.{config.Name}"));
            }

            if (config.AfterFeedForward)
            {
                builder.Put(LayerPlace.FeedForward, layer, Part(
                    builder, config, layer, $"{prefix}.output_adapters.adapters.{config.Name}"));
            }
        }
    }

    private static BottleneckPart Part(AdapterBuilder builder, BottleneckConfig config, int layer, string name)
    {
        var hidden = (long)builder.Modules.Config.HiddenSize;
        var reduction = config.ReductionByLayer.Where(one => one.Layer == layer).Select(one => one.Reduction)
            .FirstOrDefault(config.Reduction);
        var inner = Math.Max(1, (long)Math.Floor(hidden / reduction));

        // With a normalisation before it the matrix is the second module of the library's sequence, else the first.
        var first = config.NormBefore ? "1" : "0";
        var before = config.NormBefore ? Norm(builder, $"{name}.adapter_norm_before", hidden) : null;
        return new BottleneckPart
        {
            Config = config,
            Activation = Function(config.Activation),
            NormBefore = before,
            Down = Layer(builder, $"{name}.adapter_down.{first}", [inner, hidden], config.Initial, isUp: false),
            Up = Layer(builder, $"{name}.adapter_up", [hidden, inner], config.Initial, isUp: true),
            NormAfter = config.NormAfter ? Norm(builder, $"{name}.adapter_norm_after", hidden) : null,
            Scale = config.ScaleKind switch
            {
                BottleneckScale.Fixed => null,
                BottleneckScale.Learned => builder.Add($"{name}.scaling", [1], _ => Tensor.Ones(DType.Float32, 1)),
                BottleneckScale.Channel =>
                    builder.Add($"{name}.scaling", [hidden], _ => Tensor.Ones(DType.Float32, hidden)),
                _ => throw new InvalidOperationException($"unknown scale {config.ScaleKind}"),
            },
            Place = builder.NextPlace(),
        };
    }

    /// <summary>The non-linearity of a name.</summary>
    /// <exception cref="CheckpointException">There is none of that name.</exception>
    public static Activation Function(string name) => name switch
    {
        "relu" or "tanh" => Activation.Relu, // tanh is the part's own
        "gelu" => Activation.Gelu,
        "gelu_new" or "gelu_pytorch_tanh" => Activation.GeluTanh,
        "swish" or "silu" => Activation.Silu,
        _ => throw new CheckpointException(
            $"adapter BOTTLENECK: non_linearity must be relu, gelu, gelu_new, swish, silu or tanh, got \"{name}\""),
    };

    private static (Parameter Weight, Parameter Bias) Layer(
        AdapterBuilder builder, string name, long[] shape, BottleneckInitial initial, bool isUp)
    {
        const double bert = 0.02;
        const double houlsby = 0.01;
        return (
            builder.Add($"{name}.weight", shape, draws => initial switch
            {
                BottleneckInitial.Bert => draws.Normal(shape, bert),
                BottleneckInitial.MamAdapter => isUp ? Tensor.Zeros(DType.Float32, shape) : draws.KaimingUniform(shape),
                BottleneckInitial.Houlsby => draws.TruncatedNormal(shape, houlsby),
                _ => throw new InvalidOperationException($"unknown start {initial}"),
            }),
            builder.Add($"{name}.bias", [shape[0]], _ => Tensor.Zeros(DType.Float32, shape[0])));
    }

    private static (Parameter Weight, Parameter Bias)? Norm(AdapterBuilder builder, string name, long size) => (
        builder.Add($"{name}.weight", [size], _ => Tensor.Ones(DType.Float32, size)),
        builder.Add($"{name}.bias", [size], _ => Tensor.Zeros(DType.Float32, size)));
}
