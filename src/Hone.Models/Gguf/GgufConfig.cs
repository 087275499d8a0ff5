using System.Text.Json.Nodes;
using Hone.Models.Configuration;
using Hone.Models.Families;
using Hone.Text.Gguf;

namespace Hone.Models.Gguf;

/// <summary>Reads the metadata of a GGUF file as the <c>config.json</c> that says the same.</summary>
internal static class GgufConfig
{
    /// <summary>The fields of a file's configuration.</summary>
    /// <exception cref="CheckpointException">The file has no model that is supported.</exception>
    public static ConfigFields Read(GgufFile file) => GgufFile.Guard(file.Path, () =>
    {
        if (file.Header.Int("split.count") is > 1 and var parts)
        {
            throw new FormatException($"is one of {parts} parts; join them with \"llama-gguf-split --merge\"");
        }

        var (architecture, keys) = ArchitectureOf(file.Header);
        if (keys.Count("block_count") is var blocks && blocks > file.Header.Tensors.Count)
        {
            throw new FormatException($"has {blocks} blocks, but only {file.Header.Tensors.Count} tensors");
        }

        var said = Common(architecture, keys, file);
        architecture.Read(keys, said);

        // Whole, as the family writes it, so that a model saved in the Hugging Face layout lacks no field.
        var fields = ModelFamilies.Write(ModelFamilies.Read(ConfigFields.Parse(said.ToJsonString(), file.Path)));
        AddTokens(file.Header, fields);
        return ConfigFields.Parse(fields.ToJsonString(), file.Path);
    });

    /// <summary>The architecture of a file, and its keys.</summary>
    /// <exception cref="FormatException">It has none that is supported.</exception>
    public static (GgufArchitecture Architecture, GgufKeys Keys) ArchitectureOf(GgufHeader header)
    {
        var name = header.Text("general.architecture") ?? throw new FormatException("has no general.architecture");
        var keys = new GgufKeys(header, name);
        return (GgufArchitectures.Of(keys, name), keys);
    }

    private static JsonObject Common(GgufArchitecture architecture, GgufKeys keys, GgufFile file)
    {
        const string epsilon = "attention.layer_norm_rms_epsilon";
        var embedding =
            file.Header.Find("token_embd.weight") ?? throw new FormatException("has no tensor token_embd.weight");
        var (hidden, heads) = (keys.Count("embedding_length"), keys.Count("attention.head_count"));
        var theta = keys.Number("rope.freq_base", 10000);
        var headSize = keys.Count("attention.key_length", hidden / heads);
        if (keys.Count("attention.value_length", headSize) != headSize)
        {
            throw new FormatException("has values that are not as long as keys, which is not supported");
        }

        var fields = new JsonObject
        {
            ["model_type"] = architecture.ModelType,
            ["vocab_size"] = embedding.Shape is [var rows, _]
                ? rows
                : throw new FormatException(
                    $"has token_embd.weight of {embedding.Shape.Length} dimensions, which must be 2"),
            ["hidden_size"] = hidden,
            ["num_hidden_layers"] = keys.Count("block_count"),
            ["num_attention_heads"] = heads,
            ["num_key_value_heads"] = keys.Count("attention.head_count_kv", heads),
            ["head_dim"] = headSize,
            ["intermediate_size"] = keys.Count("feed_forward_length", keys.Count("expert_feed_forward_length", hidden)),
            ["max_position_embeddings"] = keys.Count("context_length"),
            ["tie_word_embeddings"] = !keys.HasTensor("output.weight"),
            ["torch_dtype"] = StorageTypeNames.Of(GgufFile.TensorType(embedding.Type)),
            ["rope_theta"] = theta,
            ["rope_scaling"] = GgufRotation.Read(keys, file, theta),
        };
        if (keys.Has(epsilon))
        {
            fields["rms_norm_eps"] = keys.Number(epsilon);
        }

        return fields;
    }

    private static void AddTokens(GgufHeader header, JsonObject fields)
    {
        foreach (var (key, name) in new[] { ("bos", "bos_token_id"), ("padding", "pad_token_id") })
        {
            if (header.Int($"tokenizer.ggml.{key}_token_id") is { } id)
            {
                fields[name] = id;
            }
        }

        // What ends a text, a turn, or a message that calls a tool: each of them ends generation.
        int[] stops = [.. new[] { "eos", "eot", "eom" }.Select(name => header.Int($"tokenizer.ggml.{name}_token_id"))
            .OfType<int>().Distinct()];
        if (stops is [_, ..])
        {
            fields["eos_token_id"] = stops is [var only] ? only : new JsonArray([.. stops.Select(id => (JsonNode)id)]);
        }
    }
}
