using System.Text.Json;

namespace Hone.Cli.Tests;

/// <summary>A byte-level tokenizer without merges: ids 0…255 are bytes, 256 is <c>&lt;s&gt;</c> (begins each text), 257
/// <c>&lt;/s&gt;</c>.</summary>
internal static class TinyTokenizer
{
    public const int Size = 258;

    /// <summary>Writes <c>tokenizer.json</c> and <c>tokenizer_config.json</c>.</summary>
    public static void Write(string folder)
    {
        var vocabulary = Enumerable.Range(0, 256).ToDictionary(Letter, value => value);
        object Special(int id, string content) =>
            new
            {
                id,
                content,
                single_word = false,
                lstrip = false,
                rstrip = false,
                normalized = false,
                special = true
            };
        var file = new
        {
            version = "1.0",
            added_tokens = new[] { Special(256, "<s>"), Special(257, "</s>") },
            pre_tokenizer =
                new { type = "ByteLevel", add_prefix_space = false, trim_offsets = false, use_regex = true },
            post_processor = new
            {
                type = "TemplateProcessing",
                single = new object[] { new { SpecialToken = new { id = "<s>", type_id = 0 } },
                    new { Sequence = new { id = "A", type_id = 0 } } },
                pair = new object[] { new { Sequence = new { id = "A", type_id = 0 } },
                    new { Sequence = new { id = "B", type_id = 1 } } },
                special_tokens =
                    new Dictionary<string, object>
                    {
                        ["<s>"] =
                        new { id = "<s>", ids = new[] { 256 }, tokens = new[] { "<s>" } }
                    },
            },
            decoder = new { type = "ByteLevel", add_prefix_space = false, trim_offsets = false, use_regex = true },
            model = new { type = "BPE", vocab = vocabulary, merges = Array.Empty<string>() },
        };
        File.WriteAllText(Path.Combine(folder, "tokenizer.json"), JsonSerializer.Serialize(file));
        File.WriteAllText(Path.Combine(folder, "tokenizer_config.json"), """{"bos_token":"<s>","eos_token":"</s>"}""");
    }

    /// <summary>The letter that stands for a byte: itself where it can be seen, else the next free one from U+0100
    /// on.</summary>
    private static string Letter(int value)
    {
        static bool IsVisible(int one) => one is (>= '!' and <= '~') or (>= 0xA1 and <= 0xAC) or (>= 0xAE and <= 0xFF);
        return (
            (char)(
                IsVisible(value) ? value : 256 + Enumerable.Range(0, value).Count(one => !IsVisible(one)))).ToString();
    }
}
