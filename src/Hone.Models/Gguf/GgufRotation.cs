using System.Text.Json.Nodes;
using Hone.Models.Configuration;
using Hone.Torch;

namespace Hone.Models.Gguf;

/// <summary>How GGUF spells the scaling of rotary positions: keys, and tensors of divisors.</summary>
internal static class GgufRotation
{
    /// <summary>The tensor of divisors of frequencies that Llama 3.1 and its kin have.</summary>
    public const string Divisors = "rope_freqs.weight";

    /// <summary>The tensors of divisors of longrope, for short and for long sequences.</summary>
    public const string ShortDivisors = "rope_factors_short.weight", LongDivisors = "rope_factors_long.weight";

    private const string Kind = "rope.scaling.type";
    private const string Factor = "rope.scaling.factor";
    private const string Original = "rope.scaling.original_context_length";
    private const string Amplitude = "rope.scaling.attn_factor";

    /// <summary>The scaling as <c>config.json</c> has it; null for none.</summary>
    /// <exception cref="FormatException">It is not known.</exception>
    public static JsonObject? Read(GgufKeys keys, GgufFile file, double theta) =>
        keys.Text(Kind, keys.HasTensor(LongDivisors) ? "longrope" : "none") switch
        {
            "none" or "linear" when keys.HasTensor(Divisors) => OfDivisors(Numbers(file, Divisors), keys, theta),
            "none" => null,
            "linear" => new JsonObject { ["rope_type"] = "linear", ["factor"] = keys.Number(Factor) },
            "yarn" => new JsonObject
            {
                ["rope_type"] = "yarn",
                ["factor"] = keys.Number(Factor),
                ["original_max_position_embeddings"] = keys.Count(Original),
            },
            "longrope" => LongRope(
                Numbers(file, ShortDivisors), Numbers(file, LongDivisors), keys.Count(Original),
                keys.Number(Amplitude, 1)),
            var other => throw new FormatException(
                $"has the rotation {other}, which is not supported; known are none, linear, yarn, longrope"),
        };

    /// <summary>Sets the keys of a scaling, and gives the tensors of divisors that go with them.</summary>
    /// <exception cref="CheckpointException">The format has no place for it.</exception>
    public static IEnumerable<(string Name, double[] Values)> Write(RotaryConfig rotary, GgufMetadata to)
    {
        switch (rotary.Scaling)
        {
            case RopeScaling.None:
                return [];
            case RopeScaling.Linear linear:
                to.Text(Kind, "linear");
                to.Number(Factor, linear.Factor);
                return [];
            case RopeScaling.Yarn yarn:
                to.Text(Kind, "yarn");
                to.Number(Factor, yarn.Factor);
                to.Count(Original, yarn.OriginalPositions);
                return [];
            case RopeScaling.Llama3 llama3:
                to.Count(Original, llama3.OriginalPositions);
                return [(Divisors, DivisorsOf(rotary))];
            case RopeScaling.Long scaling:
                to.Text(Kind, "longrope");
                to.Count(Original, scaling.OriginalPositions);
                to.Number(Amplitude, scaling.Amplitude);
                return [(ShortDivisors, [.. scaling.ShortDivisors]), (LongDivisors, [.. scaling.LongDivisors])];
            default:
                throw new CheckpointException(
                    $"rope_scaling: must be one that GGUF has, {rotary.Scaling.GetType().Name} is not; export to "
                        + "safetensors");
        }
    }

    // Those of Llama 3.1's own rule where they are, so that config.json says it as its makers do; else as they stand.
    private static JsonObject OfDivisors(double[] divisors, GgufKeys keys, double theta)
    {
        const int trained = 8192;
        var rule = new RopeScaling.Llama3(Math.Round(divisors.Max()), 1, 4, keys.Count(Original, trained));
        var expected = DivisorsOf(new RotaryConfig(theta, 2 * divisors.Length, rule));
        return expected.Zip(divisors).All(pair => Math.Abs(pair.First - pair.Second) <= 1e-4 * pair.First)
            ? new JsonObject
            {
                ["rope_type"] = "llama3",
                ["factor"] = rule.Factor,
                ["low_freq_factor"] = rule.LowFrequencyFactor,
                ["high_freq_factor"] = rule.HighFrequencyFactor,
                ["original_max_position_embeddings"] = rule.OriginalPositions,
            }
            : LongRope(divisors, divisors, keys.Count("context_length"), 1);
    }

    private static double[] DivisorsOf(RotaryConfig rotary)
    {
        var plain = RotaryFrequencies.Compute(rotary with { Scaling = new RopeScaling.None() }, 0);
        return [.. plain.Zip(RotaryFrequencies.Compute(rotary, 0), (whole, divided) => whole / divided)];
    }

    private static JsonObject LongRope(double[] shorts, double[] longs, int original, double amplitude) => new()
    {
        ["rope_type"] = "longrope",
        ["short_factor"] = new JsonArray([.. shorts.Select(value => (JsonNode)value)]),
        ["long_factor"] = new JsonArray([.. longs.Select(value => (JsonNode)value)]),
        ["original_max_position_embeddings"] = original,
        ["attention_factor"] = amplitude,
    };

    private static double[] Numbers(GgufFile file, string name)
    {
        using var scope = TensorScope.Open();
        return file.Header.Find(name) is { } tensor && tensor.Count is > 0 and <= 1 << 20
            ? file.Load(name).ToArray<double>()
            : throw new FormatException($"has no tensor {name}, which its rotation needs");
    }
}
