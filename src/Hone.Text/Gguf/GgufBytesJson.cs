using System.Text.Json.Nodes;

namespace Hone.Text.Gguf;

/// <summary>
/// The vocabulary of kind <c>gpt2</c> of a GGUF file as <c>tokenizer.json</c> spells it: BPE over bytes.
/// </summary>
internal static class GgufBytesJson
{
    private const string Words = @"(?i:'s|'t|'re|'ve|'m|'ll|'d)|[^\r\n\p{L}\p{N}]?\p{L}+|";
    private const string Rest = @"| ?[^\s\p{L}\p{N}]+[\r\n]*|\s*[\r\n]+|\s+(?!\S)|\s+";

    /// <summary>Normalizer, pre-tokenizer, model and decoder.</summary>
    public static JsonObject Of(GgufHeader header, string[] tokens)
    {
        var vocabulary = new JsonObject();
        foreach (var (id, token) in tokens.Index())
        {
            vocabulary.TryAdd(token, id);
        }

        var way = header.Text("tokenizer.ggml.pre")!;
        var (form, ignoresMerges) = FormOf(way);
        return new JsonObject
        {
            ["normalizer"] = form is null ? null : new JsonObject { ["type"] = form },
            ["pre_tokenizer"] = Cutting(way),
            ["decoder"] = new JsonObject
            {
                ["type"] = "ByteLevel",
                ["add_prefix_space"] = true,
                ["trim_offsets"] = true,
                ["use_regex"] = true,
            },
            ["model"] = new JsonObject
            {
                ["type"] = "BPE",
                ["dropout"] = null,
                ["unk_token"] = null,
                ["continuing_subword_prefix"] = null,
                ["end_of_word_suffix"] = null,
                ["fuse_unk"] = false,
                ["byte_fallback"] = false,
                ["ignore_merges"] = ignoresMerges,
                ["vocab"] = vocabulary,
                ["merges"] = new JsonArray([.. header.Texts("tokenizer.ggml.merges")!.Select(Pair)]),
            },
        };
    }

    /// <summary>The normalizer of a way to cut, and whether whole tokens count before merges.</summary>
    public static (string? Normalizer, bool IgnoresMerges) FormOf(string way) =>
        (way is "qwen2" or "deepseek-r1-qwen" ? "NFC" : null, way == "llama-bpe");

    /// <summary>How text is cut.</summary>
    public static JsonObject Cutting(string way) => way switch
    {
        "gpt-2" or "mpt" or "olmo" => ByteLevel(cuts: true),
        "starcoder" or "smollm" or "refact" or "command-r" or "codeshell" =>
            Sequence(new JsonObject { ["type"] = "Digits", ["individual_digits"] = true }, ByteLevel(cuts: true)),
        "llama-bpe" or "dbrx" or "smaug-bpe" => Sequence(Split(Words + @"\p{N}{1,3}" + Rest), ByteLevel(cuts: false)),
        "qwen2" or "deepseek-r1-qwen" => Sequence(Split(Words + @"\p{N}" + Rest), ByteLevel(cuts: false)),
        _ when GgufPreTokenizers.StepsOf(way) is { } steps =>
            Sequence([.. steps.Select(Split), ByteLevel(cuts: false)]),
        _ => throw new FormatException($"cuts text in the way \"{way}\" (tokenizer.ggml.pre), which is not known"),
    };

    // The blank that parts the two: neither begins with one, since blanks are letters of the byte alphabet.
    private static JsonNode Pair(string merge)
    {
        var blank = merge.IndexOf(' ', 1);
        return new JsonArray(merge[..blank], merge[(blank + 1)..]);
    }

    private static JsonObject Sequence(params JsonObject[] parts) =>
        new() { ["type"] = "Sequence", ["pretokenizers"] = new JsonArray([.. parts]) };

    private static JsonObject Split(string pattern) => new()
    {
        ["type"] = "Split",
        ["pattern"] = new JsonObject { ["Regex"] = pattern },
        ["behavior"] = "Isolated",
        ["invert"] = false,
    };

    private static JsonObject ByteLevel(bool cuts) =>
        new() { ["type"] = "ByteLevel", ["add_prefix_space"] = false, ["trim_offsets"] = true, ["use_regex"] = cuts };
}
