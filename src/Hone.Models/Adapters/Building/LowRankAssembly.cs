using Hone.Models.Adapters.Kinds;
using Hone.Models.Adapters.Parts;
using Hone.Models.Layers;
using Hone.Torch;
using Hone.Torch.Random;

namespace Hone.Models.Adapters.Building;

/// <summary>Puts adapters of pruned ranks, of vectors, and of vectors around shared matrices together.</summary>
internal static class LowRankAssembly
{
    private const double Deviation = 0.02;

    /// <summary>AdaLoRA.</summary>
    public static void Build(AdapterBuilder builder, AdaLoraConfig config)
    {
        foreach (var linear in Targeting.Linears(builder, config, config.Targets))
        {
            const double epsilon = 1e-5; // the library's, against an initial rank of 0
            var name = $"{AdapterAssembly.Prefix}{linear.Name}";
            var kept = config.Kept.FirstOrDefault(one => one.Module == linear.Name);
            var rank = builder.IsFromFile && kept is not null ? kept.Ranks.Count(stays => stays) : config.InitialRank;
            long[] shape = [rank, linear.Inputs];
            long[] upShape = [linear.Outputs, rank];
            builder.Put(linear.Name, new AdaLoraPart
            {
                A = builder.Add($"{name}.lora_A", shape, draws => draws.Normal(shape, Deviation)),
                E = builder.Add($"{name}.lora_E", [rank, 1], _ => Tensor.Zeros(DType.Float32, rank, 1)),
                B = builder.Add($"{name}.lora_B", upShape, draws => draws.Normal(upShape, Deviation)),
                Scale = (config.Alpha > 0 ? config.Alpha : config.InitialRank) / (config.InitialRank + epsilon),
                Dropout = config.Dropout,
                Place = builder.NextPlace(),
            });
        }
    }

    /// <summary>(IA)³.</summary>
    public static void Build(AdapterBuilder builder, Ia3Config config)
    {
        foreach (var linear in Targeting.Linears(builder, config, config.Targets))
        {
            // The library compares plain ends of names here.
            var isFeedForward = config.FeedForward.Pattern is not null
                ? config.FeedForward.Matches(linear.Name, isPlainLinear: true, [])
                : config.FeedForward.Names.Any(end => linear.Name.EndsWith(end, StringComparison.Ordinal));
            long[] shape = isFeedForward ? [1, linear.Inputs] : [linear.Outputs, 1];
            var vector = builder.Add(
                $"{AdapterAssembly.Prefix}{linear.Name}.ia3_l",
                shape,
                draws => config.BeginAsBase ? Tensor.Ones(DType.Float32, shape) : draws.Normal(shape, 1));
            builder.Put(linear.Name, new Ia3Part(vector, isFeedForward));
        }
    }

    /// <summary>VeRA.</summary>
    public static void Build(AdapterBuilder builder, VeraConfig config)
    {
        var linears = Targeting.Linears(builder, config, config.Targets);
        var (inputs, outputs) = (linears.Max(linear => linear.Inputs), linears.Max(linear => linear.Outputs));
        var shared = new Lazy<(float[] A, float[] B)>(() => SharedDraws(config, inputs, outputs));
        Parameter Shared(string name, long[] shape, Func<(float[] A, float[] B), float[]> which) => builder.Add(
            name,
            shape,
            _ => Tensor.From<float>(which(shared.Value), shape),
            trainable: false,
            fileName: config.SaveProjection ? null : "",
            optional: true);

        var a = Shared("base_model.vera_A", [config.Rank, inputs], both => both.A);
        var b = Shared("base_model.vera_B", [outputs, config.Rank], both => both.B);
        foreach (var linear in linears)
        {
            var name = $"{AdapterAssembly.Prefix}{linear.Name}";
            var d = builder.Add(
                $"{name}.vera_lambda_d", [config.Rank], _ => Tensor.Full(config.InitialD, DType.Float32, config.Rank));
            var lambda = builder.Add(
                $"{name}.vera_lambda_b", [linear.Outputs], _ => Tensor.Zeros(DType.Float32, linear.Outputs));
            builder.Put(linear.Name, new VeraPart(a, b, lambda, d, linear, config.Dropout, builder.NextPlace()));
        }

        WholeModules.BuildBiases(
            builder, config.Bias, linears.Select(linear => linear.Name).ToHashSet(StringComparer.Ordinal));
    }

    // The library's own draws, A first and B after it, so that files which leave A and B out can be read: uniform in
    // ±√6/√in.
    private static (float[] A, float[] B) SharedDraws(VeraConfig config, long inputs, long outputs)
    {
        var random = new MersenneTwister((ulong)config.ProjectionKey);
        float[] Matrix(long rows, long columns)
        {
            var bound = Math.Sqrt(6.0 / columns);
            var values = new float[rows * columns];
            for (var i = 0; i < values.Length; i++)
            {
                values[i] = random.Uniform(-bound, bound);
            }

            return values;
        }

        return (Matrix(config.Rank, inputs), Matrix(outputs, config.Rank));
    }
}
