using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Hone.Evaluation.Tasks;

/// <summary>
/// Writes a tokenizer whose tokens are single characters, and a few marks, in the plain Hugging Face format.
/// </summary>
public static class CharacterTokenizer
{
    /// <summary>The token that begins and ends every text.</summary>
    public const string EndOfText = "<|endoftext|>";

    private static readonly JsonSerializerOptions Readable =
        new() { WriteIndented = true, Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>Writes <c>tokenizer.json</c> and <c>tokenizer_config.json</c>.</summary>
    /// <param name="folder">Where to; made where it does not exist.</param>
    /// <param name="characters">The characters that texts consist of.</param>
    /// <param name="marks">Texts that are one token each and stay visible, such as <c>&lt;think&gt;</c>.</param>
    public static void Write(string folder, string characters, params IReadOnlyList<string> marks)
    {
        Directory.CreateDirectory(folder);
        string[] tokens = [EndOfText, .. marks, .. characters.Select(letter => letter.ToString())];
        var vocabulary =
            new JsonObject(tokens.Select((token, id) => KeyValuePair.Create<string, JsonNode?>(token, id)));
        var file = new JsonObject
        {
            ["version"] = "1.0",
            ["truncation"] = null,
            ["padding"] = null,
            ["added_tokens"] =
                new JsonArray([Added(0, EndOfText, isSpecial: true),
                    .. marks.Select((mark, i) => Added(i + 1, mark, isSpecial: false))]),
            ["normalizer"] = null,
            ["pre_tokenizer"] = null,
            ["post_processor"] = BeginWith(EndOfText),
            ["decoder"] = new JsonObject { ["type"] = "Fuse" },
            ["model"] = new JsonObject
            {
                ["type"] = "BPE",
                ["dropout"] = null,
                ["unk_token"] = null,
                ["continuing_subword_prefix"] = null,
                ["end_of_word_suffix"] = null,
                ["fuse_unk"] = false,
                ["byte_fallback"] = false,
                ["ignore_merges"] = false,
                ["vocab"] = vocabulary,
                ["merges"] = new JsonArray(),
            },
        };
        var settings = new JsonObject
        {
            ["tokenizer_class"] = "PreTrainedTokenizerFast",
            ["bos_token"] = EndOfText,
            ["eos_token"] = EndOfText,
            ["clean_up_tokenization_spaces"] = false,
        };
        File.WriteAllText(Path.Combine(folder, "tokenizer.json"), file.ToJsonString(Readable));
        File.WriteAllText(Path.Combine(folder, "tokenizer_config.json"), settings.ToJsonString(Readable));
    }

    private static JsonObject Added(int id, string token, bool isSpecial) => new JsonObject
    {
        ["id"] = id,
        ["content"] = token,
        ["single_word"] = false,
        ["lstrip"] = false,
        ["rstrip"] = false,
        ["normalized"] = false,
        ["special"] = isSpecial,
    };

    private static JsonObject BeginWith(string token)
    {
        JsonArray single = [Special(token), Sequence("A", 0)];
        JsonArray pair = [Special(token), Sequence("A", 0), Sequence("B", 1)];
        var special = new JsonObject
        {
            [token] =
            new JsonObject { ["id"] = token, ["ids"] = new JsonArray(0), ["tokens"] = new JsonArray(token) }
        };
        return new JsonObject
        {
            ["type"] = "TemplateProcessing",
            ["single"] = single,
            ["pair"] = pair,
            ["special_tokens"] = special,
        };
    }

    private static JsonObject Special(string token) =>
        new() { ["SpecialToken"] = new JsonObject { ["id"] = token, ["type_id"] = 0 } };

    private static JsonObject Sequence(string name, int type) =>
        new() { ["Sequence"] = new JsonObject { ["id"] = name, ["type_id"] = type } };
}
