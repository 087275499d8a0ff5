using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using Hone.Text.SentencePiece;

namespace Hone.Text.Gguf;

/// <summary>Writes the vocabulary of a GGUF file as the files of a tokenizer: <c>tokenizer.json</c> and
/// <c>tokenizer_config.json</c>.</summary>
public static class GgufTokenizerFiles
{
    private static readonly JsonSerializerOptions Readable = new()
    {
        WriteIndented = true,
        NewLine = "\n",
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    };

    /// <summary>Writes both files into a folder; they give the ids and texts that the GGUF file gives.</summary>
    /// <param name="gguf">The file.</param>
    /// <param name="folder">Where to; must exist.</param>
    /// <exception cref="TokenizerException">The file has no vocabulary that can be read.</exception>
    public static void Write(string gguf, string folder)
    {
        _ = Tokenizer.Load(gguf);
        var header = GgufHeader.Read(gguf);
        var tokens = header.Texts("tokenizer.ggml.tokens")!;
        PieceKind[] kinds = header.Numbers("tokenizer.ggml.token_type") is { } types
            ? [.. types.Select(type => (PieceKind)type)]
            : [.. Enumerable.Repeat(PieceKind.Normal, tokens.Length)];
        var isPieces = header.Text("tokenizer.ggml.model") == "llama";
        var file = isPieces ? GgufPieceJson.Of(header, tokens, kinds) : GgufBytesJson.Of(header, tokens);
        file["version"] = "1.0";
        file["truncation"] = null;
        file["padding"] = null;
        file["added_tokens"] = Added(tokens, kinds, isPieces);
        file["post_processor"] = Affixes(header, tokens, addsBos: isPieces);
        Replace(Path.Combine(folder, "tokenizer.json"), file);
        Replace(Path.Combine(folder, "tokenizer_config.json"), Settings(header, tokens));
    }

    private static JsonArray Added(string[] tokens, PieceKind[] kinds, bool isPieces) =>
    [
        .. Enumerable.Range(0, tokens.Length)
            .Where(id =>
                kinds[id] is PieceKind.Control or PieceKind.UserDefined or PieceKind.Unknown && tokens[id].Length > 0)
            .Select(id => (JsonNode)new JsonObject
            {
                ["id"] = id,
                ["content"] = tokens[id],
                ["single_word"] = false,
                ["lstrip"] = false,
                ["rstrip"] = false,
                ["normalized"] = isPieces && kinds[id] == PieceKind.UserDefined,
                ["special"] = kinds[id] != PieceKind.UserDefined,
            }),
    ];

    private static JsonObject? Affixes(GgufHeader header, string[] tokens, bool addsBos)
    {
        var begins =
            header.Bool("tokenizer.ggml.add_bos_token", addsBos) ? header.Int("tokenizer.ggml.bos_token_id") : null;
        var ends =
            header.Bool("tokenizer.ggml.add_eos_token", false) ? header.Int("tokenizer.ggml.eos_token_id") : null;
        if ((begins ?? ends) is null)
        {
            return null;
        }

        JsonArray Parts(params string[] sequences)
        {
            var parts = new JsonArray();
            foreach (var (type, sequence) in sequences.Index())
            {
                Special(begins, type);
                parts.Add(new JsonObject { ["Sequence"] = new JsonObject { ["id"] = sequence, ["type_id"] = type } });
                Special(ends, type);
            }

            return parts;

            void Special(int? id, int type)
            {
                if (id is { } token)
                {
                    parts.Add(
                        new JsonObject
                        {
                            ["SpecialToken"] =
                            new JsonObject { ["id"] = tokens[token], ["type_id"] = type }
                        });
                }
            }
        }

        return new JsonObject
        {
            ["type"] = "TemplateProcessing",
            ["single"] = Parts("A"),
            ["pair"] = Parts("A", "B"),
            ["special_tokens"] =
                new JsonObject(new[] { begins, ends }.OfType<int>().Distinct().Select(id => KeyValuePair.Create(
                tokens[id],
                (JsonNode?)new JsonObject
                {
                    ["id"] = tokens[id],
                    ["ids"] = new JsonArray(id),
                    ["tokens"] = new JsonArray(tokens[id]),
                }))),
        };
    }

    private static JsonObject Settings(GgufHeader header, string[] tokens)
    {
        var settings = new JsonObject
        {
            ["tokenizer_class"] = "PreTrainedTokenizerFast",
            ["clean_up_tokenization_spaces"] = false,
        };
        foreach (var (name, key) in new[] { ("bos", "bos"), ("eos", "eos"), ("pad", "padding"), ("unk", "unknown") })
        {
            if (header.Int($"tokenizer.ggml.{key}_token_id") is { } id)
            {
                settings[$"{name}_token"] = tokens[id];
            }
        }

        if (header.Text("tokenizer.chat_template") is { } template)
        {
            settings["chat_template"] = template;
        }

        return settings;
    }

    private static void Replace(string path, JsonObject content)
    {
        var beside = $"{path}.{Environment.ProcessId}.tmp";
        File.WriteAllText(beside, content.ToJsonString(Readable) + "\n");
        File.Move(beside, path, overwrite: true);
    }
}
