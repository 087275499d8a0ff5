using System.Runtime.InteropServices;
using Hone.Text.Reading;

namespace Hone.Text.Gguf;

/// <summary>The tokenizer of a model folder as the metadata of a GGUF file.</summary>
public static class GgufVocabulary
{
    /// <summary>The keys that begin with <c>tokenizer.</c></summary>
    /// <param name="source">The folder of a model with a <c>tokenizer.json</c>, or a GGUF file, whose keys are taken
    /// as they are.</param>
    /// <param name="rows">Rows of the model's embedding; ids that the tokenizer lacks become unused tokens.</param>
    /// <param name="stops">Tokens that end generation.</param>
    /// <exception cref="TokenizerException">GGUF has no place for a tokenizer of this kind.</exception>
    public static IReadOnlyDictionary<string, GgufValue> Of(string source, int rows, IReadOnlyList<int> stops)
    {
        if (File.Exists(source))
        {
            return Copied(source);
        }

        var tokenizer = Tokenizer.Load(source);
        var path = Path.Combine(source, "tokenizer.json");
        var file = JsonPart.Open(path);
        var model = file.Get("model");
        var kind = model.Text("type") ?? "BPE";
        if (kind != "BPE")
        {
            throw new TokenizerException(
                path, $"must be a BPE tokenizer to go into GGUF, but is {kind}; export to safetensors");
        }

        var values = new OrderedDictionary<string, GgufValue>(StringComparer.Ordinal);
        var tokens = new GgufTokenList(file, rows);
        if (GgufBytesMetadata.WayOf(file) is { } way)
        {
            values["tokenizer.ggml.model"] = new GgufValue.Text("gpt2");
            values["tokenizer.ggml.pre"] = new GgufValue.Text(way);
            values["tokenizer.ggml.tokens"] = new GgufValue.Texts(tokens.Texts);
            values["tokenizer.ggml.token_type"] = Whole(tokens.Kinds(isPieces: false, tokenizer.UnknownId));
            values["tokenizer.ggml.merges"] =
                new GgufValue.Texts([.. Merges(model).Select(pair => $"{pair.Left} {pair.Right}")]);
        }
        else
        {
            values["tokenizer.ggml.model"] = new GgufValue.Text("llama");
            values["tokenizer.ggml.pre"] = new GgufValue.Text("default");
            values["tokenizer.ggml.tokens"] = new GgufValue.Texts(tokens.Texts);
            values["tokenizer.ggml.scores"] = new GgufValue.Numbers(
                GgufValueType.Float32,
                MemoryMarshal.AsBytes<float>(GgufPieceScores.Of(path, tokens.Texts, Merges(model))).ToArray());
            values["tokenizer.ggml.token_type"] = Whole(tokens.Kinds(isPieces: true, tokenizer.UnknownId));
            values["tokenizer.ggml.add_space_prefix"] = Flag(GgufPieceScores.AddsBlank(file));
        }

        AddNamed(values, tokenizer, stops);
        if (ChatTemplates.TextOf(source) is { } template)
        {
            values["tokenizer.chat_template"] = new GgufValue.Text(template);
        }

        return values;
    }

    private static Dictionary<string, GgufValue> Copied(string file)
    {
        try
        {
            return GgufHeader.Read(file).Metadata
                .Where(pair => pair.Key.StartsWith("tokenizer.", StringComparison.Ordinal))
                .ToDictionary(StringComparer.Ordinal);
        }
        catch (FormatException fault)
        {
            throw new TokenizerException(file, $"must be a GGUF file, but {fault.Message}", fault);
        }
    }

    private static void AddNamed(
        OrderedDictionary<string, GgufValue> values, Tokenizer tokenizer, IReadOnlyList<int> stops)
    {
        var end =
            stops is [var first, ..] && !(tokenizer.EosId is { } own && stops.Contains(own)) ? first : tokenizer.EosId;
        var others = stops.Where(stop => stop != end).ToArray();
        (string Name, int? Id)[] named =
        [
            ("bos", tokenizer.BosId), ("eos", end), ("eot", others is [var turn, ..] ? turn : null),
            ("unknown", tokenizer.UnknownId), ("padding", tokenizer.PadId),
        ];
        foreach (var (name, id) in named)
        {
            if (id is { } token)
            {
                values[$"tokenizer.ggml.{name}_token_id"] = new GgufValue.Whole(GgufValueType.UInt32, token);
            }
        }

        var around = tokenizer.EncodeIds("");
        values["tokenizer.ggml.add_bos_token"] = Flag(around is [var begin, ..] && begin == tokenizer.BosId);
        values["tokenizer.ggml.add_eos_token"] =
            Flag(around is [.., var last] && last == tokenizer.EosId && last != tokenizer.BosId);
    }

    private static IEnumerable<(string Left, string Right)> Merges(JsonPart model)
    {
        foreach (var merge in model.Get("merges").Items())
        {
            if (merge.Element.ValueKind == System.Text.Json.JsonValueKind.Array)
            {
                var pair = merge.Items().Select(part => part.Text()).ToArray();
                yield return (pair[0], pair[1]);
            }
            else
            {
                var text = merge.Text();
                var blank = text.IndexOf(' ', 1);
                yield return (text[..blank], text[(blank + 1)..]);
            }
        }
    }

    private static GgufValue.Whole Flag(bool value) => new(GgufValueType.Bool, value ? 1 : 0);

    private static GgufValue.Numbers Whole(int[] values) =>
        new(GgufValueType.Int32, MemoryMarshal.AsBytes<int>(values).ToArray());
}
