using System.Text.Json;

namespace Hone.Text.Tests;

/// <summary>Tokenizers with a token for each byte and a few added ones.</summary>
internal static class Toy
{
    public const int EndOfText = 256;
    public const int TurnStart = 257;
    public const int TurnEnd = 258;

    /// <summary>With the marks of ChatML.</summary>
    public static Tokenizer Chat() => Load(["<end>", "<|im_start|>", "<|im_end|>"], "<end>");

    /// <summary>With an end of text alone.</summary>
    public static Tokenizer Plain() => Load(["<end>"], "<end>");

    /// <summary>With bytes alone.</summary>
    public static Tokenizer Bare() => Load([], null);

    /// <summary>Loads a tokenizer from the JSON of its parts.</summary>
    public static Tokenizer Load(string json)
    {
        using var folder = new TemporaryFolder();
        return Tokenizer.Load(folder.Write("tokenizer.json", json));
    }

    private static Tokenizer Load(string[] added, string? end)
    {
        var vocabulary = Enumerable.Range(0, 256).ToDictionary(value => LetterOf((byte)value), value => value);
        using var folder = new TemporaryFolder();
        folder.Write("tokenizer.json", JsonSerializer.Serialize(new
        {
            added_tokens =
                added.Select((content, index) => new { id = 256 + index, content, special = true, normalized = false }),
            pre_tokenizer = new { type = "ByteLevel", add_prefix_space = false, use_regex = true },
            decoder = new { type = "ByteLevel" },
            model = new { type = "BPE", vocab = vocabulary, merges = Array.Empty<string>() },
        }));
        folder.Write("tokenizer_config.json", JsonSerializer.Serialize(new { eos_token = end }));
        return Tokenizer.Load(folder.Path);
    }

    // The alphabet of GPT-2: printable bytes stand for themselves, the others for the code points from 256 on.
    private static string LetterOf(byte value)
    {
        var others = Enumerable.Range(0, 256)
            .Where(other => other is not ((>= 33 and <= 126) or (>= 161 and <= 172) or >= 174)).ToList();
        var place = others.IndexOf(value);
        return ((char)(place < 0 ? value : 256 + place)).ToString();
    }
}
