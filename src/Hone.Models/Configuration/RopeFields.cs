using System.Text.Json.Nodes;

namespace Hone.Models.Configuration;

/// <summary>Rotary positions in <c>config.json</c>, in both spellings.</summary>
/// <remarks>
/// Version 4 of transformers writes <c>rope_theta</c> beside <c>rope_scaling</c>; version 5 puts both into
/// <c>rope_parameters</c>. Both are read; version 4 is written, because both versions read it.
/// </remarks>
internal static class RopeFields
{
    /// <summary>Reads the rotation of heads of a size.</summary>
    /// <param name="fields">The top of the file.</param>
    /// <param name="headSize">Numbers in a head.</param>
    /// <param name="defaultTheta">The base where the file has none.</param>
    /// <param name="defaultPart">The part of a head that turns where the file does not say.</param>
    public static RotaryConfig Read(ConfigFields fields, int headSize, double defaultTheta, double defaultPart = 1) =>
        Read(fields, fields.Object("rope_parameters"), headSize, defaultTheta, defaultPart);

    /// <summary>The same where the version-5 object stands elsewhere; null for a file of version 4.</summary>
    public static RotaryConfig Read(
        ConfigFields fields, ConfigFields? parameters, int headSize, double defaultTheta, double defaultPart = 1)
    {
        var theta = parameters?.Number("rope_theta", defaultTheta) ?? fields.Number("rope_theta", defaultTheta);
        var part = parameters?.Number("partial_rotary_factor", defaultPart)
            ?? fields.Number("partial_rotary_factor", defaultPart);
        var dimensions = (int)(headSize * part);
        if (dimensions <= 0 || dimensions % 2 != 0 || dimensions > headSize)
        {
            throw new CheckpointException(
                $"{fields.Where}: the part of a head that turns must be an even number of dimensions, {part} of "
                    + $"{headSize} gives {dimensions}");
        }

        return new RotaryConfig(theta, dimensions, ReadScaling(parameters ?? fields.Object("rope_scaling"), fields));
    }

    /// <summary>Reads a scaling from its own object; null means none.</summary>
    public static RopeScaling ReadScaling(ConfigFields? scaling, ConfigFields fields)
    {
        if (scaling is null)
        {
            return new RopeScaling.None();
        }

        var kind = scaling.Text("rope_type", scaling.Text("type", "default"));
        return kind switch
        {
            "default" => new RopeScaling.None(),
            "linear" => new RopeScaling.Linear(scaling.Number("factor")),
            "dynamic" => new RopeScaling.Dynamic(scaling.Number("factor"), fields.Count("max_position_embeddings")),
            "llama3" => new RopeScaling.Llama3(
                scaling.Number("factor"), scaling.Number("low_freq_factor"), scaling.Number("high_freq_factor"),
                OriginalPositions(scaling, fields)),
            "yarn" => ReadYarn(scaling, fields),
            "longrope" or "su" => ReadLong(scaling, fields),
            _ => throw scaling.Wrong("rope_type", "one of default, linear, dynamic, llama3, yarn, longrope", kind),
        };
    }

    /// <summary>Writes a rotation in the version-4 spelling.</summary>
    public static void Write(RotaryConfig rotary, JsonObject fields)
    {
        fields["rope_theta"] = rotary.Theta;
        fields["rope_scaling"] = WriteScaling(rotary.Scaling);
    }

    /// <summary>Turns <c>rope_parameters</c> of version 5, where there is one, into the version-4 spelling.</summary>
    public static void Respell(JsonObject fields)
    {
        if (fields["rope_parameters"] is not JsonObject parameters)
        {
            return;
        }

        fields.Remove("rope_parameters");
        var scaling = (JsonObject)parameters.DeepClone();
        MoveUp(scaling, fields, "rope_theta");
        MoveUp(scaling, fields, "partial_rotary_factor");
        var plain = (scaling["rope_type"] ?? scaling["type"])?.GetValue<string>() is null or "default";
        fields["rope_scaling"] = plain ? null : scaling;
    }

    private static void MoveUp(JsonObject from, JsonObject to, string name)
    {
        if (from[name] is { } value)
        {
            from.Remove(name);
            to[name] = value.DeepClone();
        }
    }

    private static RopeScaling.Yarn ReadYarn(ConfigFields scaling, ConfigFields fields)
    {
        var factor = scaling.Number("factor");
        double Magnitude(double scale) => factor <= 1 ? 1 : (0.1 * scale * Math.Log(factor)) + 1;
        var amplitude = scaling switch
        {
            _ when scaling.Has("attention_factor") => scaling.Number("attention_factor"),
            _ when scaling.Number("mscale", 0) != 0 && scaling.Number("mscale_all_dim", 0) != 0 =>
                Magnitude(scaling.Number("mscale")) / Magnitude(scaling.Number("mscale_all_dim")),
            _ => Magnitude(1),
        };
        return new RopeScaling.Yarn(
            factor, OriginalPositions(scaling, fields), scaling.Number("beta_fast", 32), scaling.Number("beta_slow", 1),
            amplitude, scaling.Number("mscale_all_dim", 0), scaling.Flag("truncate", true));
    }

    private static RopeScaling.Long ReadLong(ConfigFields scaling, ConfigFields fields)
    {
        var original = OriginalPositions(scaling, fields);
        var factor = scaling.Number("factor", (double)fields.Count("max_position_embeddings") / original);
        var amplitude = scaling.Number(
            "attention_factor", factor <= 1 ? 1 : Math.Sqrt(1 + (Math.Log(factor) / Math.Log(original))));
        return new RopeScaling.Long(
            ValueList.Create<double>(scaling.Numbers("short_factor")),
            ValueList.Create<double>(scaling.Numbers("long_factor")), original, amplitude);
    }

    // At the top of the file it wins over the one inside.
    private static int OriginalPositions(ConfigFields scaling, ConfigFields fields) =>
        fields.Count("original_max_position_embeddings",
            scaling.Count("original_max_position_embeddings", fields.Count("max_position_embeddings")));

    private static JsonObject? WriteScaling(RopeScaling scaling) => scaling switch
    {
        RopeScaling.None => null,
        RopeScaling.Linear linear => new JsonObject { ["rope_type"] = "linear", ["factor"] = linear.Factor },
        RopeScaling.Dynamic dynamic => new JsonObject { ["rope_type"] = "dynamic", ["factor"] = dynamic.Factor },
        RopeScaling.Llama3 llama3 => new JsonObject
        {
            ["rope_type"] = "llama3",
            ["factor"] = llama3.Factor,
            ["low_freq_factor"] = llama3.LowFrequencyFactor,
            ["high_freq_factor"] = llama3.HighFrequencyFactor,
            ["original_max_position_embeddings"] = llama3.OriginalPositions,
        },
        RopeScaling.Yarn yarn => new JsonObject
        {
            ["rope_type"] = "yarn",
            ["factor"] = yarn.Factor,
            ["original_max_position_embeddings"] = yarn.OriginalPositions,
            ["beta_fast"] = yarn.BetaFast,
            ["beta_slow"] = yarn.BetaSlow,
            ["attention_factor"] = yarn.Amplitude,
            ["mscale_all_dim"] = yarn.ScoreMagnitude,
            ["truncate"] = yarn.WholeDimensions,
        },
        RopeScaling.Long longRope => new JsonObject
        {
            ["rope_type"] = "longrope",
            ["short_factor"] = new JsonArray([.. longRope.ShortDivisors.Select(value => (JsonNode)value)]),
            ["long_factor"] = new JsonArray([.. longRope.LongDivisors.Select(value => (JsonNode)value)]),
            ["original_max_position_embeddings"] = longRope.OriginalPositions,
            ["attention_factor"] = longRope.Amplitude,
        },
        _ => throw new ArgumentOutOfRangeException(nameof(scaling), scaling, "unknown scaling"),
    };
}
