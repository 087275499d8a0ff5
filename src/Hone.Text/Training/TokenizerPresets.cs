using System.Text.Json.Nodes;
using Hone.Text.Patterns;
using Hone.Text.Pipeline;

namespace Hone.Text.Training;

/// <summary>Usual surroundings of vocabularies.</summary>
public static class TokenizerPresets
{
    /// <summary>The letters of the 256 bytes, for an alphabet that any text can be written in.</summary>
    public static IReadOnlyList<string> ByteLetters { get; } =
        [.. Enumerable.Range(0, 256).Select(value => ByteAlphabet.LetterOf((byte)value).ToString())];

    /// <summary>Words as GPT-2 cuts them, with up to three or with one digit together as GPT-4 or Qwen 2 do.</summary>
    /// <param name="pattern">Which cuts.</param>
    /// <param name="normalizer">Changes text first; null for nothing.</param>
    public static TokenizerParts ByteLevel(WordCuts pattern, JsonNode? normalizer) => new()
    {
        Normalizer = normalizer,
        PreTokenizer = pattern switch
        {
            WordCuts.Gpt2 => ByteLevelPart(usesRegex: true),
            WordCuts.Gpt4 => CutThenBytes(Cl100kRule.ThreeDigits),
            WordCuts.Qwen2 => CutThenBytes(Cl100kRule.OneDigit),
            _ => throw new ArgumentOutOfRangeException(nameof(pattern), pattern, "no such pattern"),
        },
        PostProcessor = ByteLevelPart(usesRegex: true, trimsOffsets: false),
        Decoder = ByteLevelPart(usesRegex: true),
    };

    /// <summary>Words with ▁ in place of the blank before them; line ends stand alone, so that they are kept. Tokens
    /// such as <c>&lt;0x0A&gt;</c> become bytes again.</summary>
    /// <param name="normalizer">Changes text first; null for nothing.</param>
    public static TokenizerParts Metaspace(JsonNode? normalizer) => new()
    {
        Normalizer = normalizer,
        PreTokenizer = new JsonObject
        {
            ["type"] = "Sequence",
            ["pretokenizers"] = new JsonArray(
                Split(@"\n+"),
                new JsonObject
                {
                    ["type"] = "Metaspace",
                    ["replacement"] = "▁",
                    ["prepend_scheme"] = "first",
                    ["split"] = true,
                }),
        },
        Decoder = new JsonObject
        {
            ["type"] = "Sequence",
            ["decoders"] = new JsonArray(
                new JsonObject
                {
                    ["type"] = "Replace",
                    ["pattern"] = new JsonObject { ["String"] = "▁" },
                    ["content"] = " ",
                },
                new JsonObject { ["type"] = "ByteFallback" },
                new JsonObject { ["type"] = "Fuse" },
                new JsonObject { ["type"] = "Strip", ["content"] = " ", ["start"] = 1, ["stop"] = 0 }),
        },
    };

    /// <summary>Words and punctuation as BERT cuts them.</summary>
    /// <param name="lowercase">Whether case and accents go.</param>
    public static TokenizerParts Bert(bool lowercase) => new()
    {
        Normalizer = new JsonObject
        {
            ["type"] = "BertNormalizer",
            ["clean_text"] = true,
            ["handle_chinese_chars"] = true,
            ["strip_accents"] = null,
            ["lowercase"] = lowercase,
        },
        PreTokenizer = new JsonObject { ["type"] = "BertPreTokenizer" },
        Decoder = new JsonObject { ["type"] = "WordPiece", ["prefix"] = "##", ["cleanup"] = true },
    };

    /// <summary>Words and punctuation, parted by white space.</summary>
    /// <param name="normalizer">Changes text first; null for nothing.</param>
    public static TokenizerParts Words(JsonNode? normalizer) => new()
    {
        Normalizer = normalizer,
        PreTokenizer = new JsonObject { ["type"] = "Whitespace" },
    };

    private static JsonObject CutThenBytes(string pattern) => new()
    {
        ["type"] = "Sequence",
        ["pretokenizers"] = new JsonArray(Split(pattern), ByteLevelPart(usesRegex: false)),
    };

    private static JsonObject Split(string pattern) => new()
    {
        ["type"] = "Split",
        ["pattern"] = new JsonObject { ["Regex"] = pattern },
        ["behavior"] = "Isolated",
        ["invert"] = false,
    };

    private static JsonObject ByteLevelPart(bool usesRegex, bool trimsOffsets = true) => new()
    {
        ["type"] = "ByteLevel",
        ["add_prefix_space"] = false,
        ["trim_offsets"] = trimsOffsets,
        ["use_regex"] = usesRegex,
    };
}

/// <summary>How text is cut into words before their bytes are merged.</summary>
public enum WordCuts
{
    /// <summary>As GPT-2: any number of digits together.</summary>
    Gpt2,

    /// <summary>As GPT-4 and Llama 3: up to three digits together, line ends with what stands before them.</summary>
    Gpt4,

    /// <summary>As Qwen 2: each digit alone.</summary>
    Qwen2,
}
