using Hone.Models.Checkpoints;
using Hone.Models.Configuration;

namespace Hone.Models.Encoders;

/// <summary>What a folder in the layout of sentence-transformers says about embedding.</summary>
/// <param name="Pooling">How hidden states become one vector.</param>
/// <param name="Normalise">Whether vectors are brought to length 1.</param>
/// <param name="MaxLength">Tokens that a text is cut to.</param>
public sealed record EmbeddingOptions(Pooling Pooling, bool Normalise, int MaxLength)
{
    private const string Modules = "modules.json";
    private const string Mode = "pooling_mode_";

    private static readonly Dictionary<string, Pooling> Modes = new(StringComparer.Ordinal)
    {
        ["mean_tokens"] = Pooling.Mean,
        ["cls_token"] = Pooling.First,
        ["max_tokens"] = Pooling.Largest,
    };

    /// <summary>Reads <c>modules.json</c> and the configurations it leads to; a folder without it is pooled by the mean
    /// and normalised.</summary>
    /// <param name="folder">The model folder.</param>
    /// <param name="config">The encoder.</param>
    /// <exception cref="CheckpointException">The folder asks for what is not known.</exception>
    public static EmbeddingOptions Read(string folder, EncoderConfig config)
    {
        var limit = Path.Combine(folder, "sentence_bert_config.json");
        var length =
            File.Exists(limit) ? Parse(limit).Count("max_seq_length", config.MaxPositions) : config.MaxPositions;
        var options = new EmbeddingOptions(Pooling.Mean, Normalise: true, Math.Min(length, config.MaxPositions));
        var path = Path.Combine(folder, Modules);
        if (!File.Exists(path))
        {
            return options;
        }

        options = options with { Normalise = false };
        foreach (var module in ReadModules(path))
        {
            var kind = module.Text("type");
            options = kind[(kind.LastIndexOf('.') + 1)..] switch
            {
                "Transformer" when module.Text("path", "") is "" => options,
                "Pooling" =>
                    options with { Pooling = ReadPooling(Path.Combine(folder, module.Text("path"), "config.json")) },
                "Normalize" => options with { Normalise = true },
                _ => throw module.Wrong(
                    "type", "a Transformer of this folder, a Pooling or a Normalize", $"\"{kind}\""),
            };
        }

        return options;
    }

    private static IEnumerable<ConfigFields> ReadModules(string path)
    {
        var list =
            ConfigFields.Parse($"{{\"modules\": {File.ReadAllText(path)}}}", path).Copy()["modules"]?.AsArray() ?? [];
        return list.Select((module, i) => module is System.Text.Json.Nodes.JsonObject fields
            ? new ConfigFields(fields, $"{path}: module {i}")
            : throw new CheckpointException(
                $"{path}: module {i} must be an object, got {module?.ToJsonString() ?? "null"}"));
    }

    private static Pooling ReadPooling(string path)
    {
        var fields = Parse(path);
        string[] chosen = [.. fields.Copy().Select(field => field.Key).Where(
            name => name.StartsWith(Mode, StringComparison.Ordinal) && fields.Flag(name, false))];
        return chosen is [var only] && Modes.TryGetValue(only[Mode.Length..], out var pooling)
            ? pooling
            : throw new CheckpointException(
                $"{path}: must ask for one way of pooling that is known, it asks for "
                + $"{(chosen is [] ? "none" : string.Join(", ", chosen))}; known are "
                + $"{string.Join(", ", Modes.Keys.Select(name => Mode + name))}");
    }

    private static ConfigFields Parse(string path)
    {
        using var reader = new StreamReader(CheckpointFiles.OpenRead(path));
        return ConfigFields.Parse(reader.ReadToEnd(), path);
    }
}
