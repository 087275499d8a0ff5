using System.Text.Json;
using Hone.Text;

namespace Hone.Data.Tests.Examples;

/// <summary>A tokenizer small enough to work out by hand: a token for each byte, one for "12", and the marks.</summary>
internal static class ByteTokenizer
{
    public const int Twelve = 256;
    public const int End = 257;
    public const int TurnStart = 258;
    public const int TurnEnd = 259;

    public static Tokenizer Load(bool namesEnd = true)
    {
        using var scratch = new Scratch();
        var vocabulary = new Dictionary<string, int>();
        var others = 256;
        for (var value = 0; value < 256; value++)
        {
            // byte-level BPE writes printable bytes as themselves and the others as characters from U+0100 on
            var printable = value is (>= '!' and <= '~') or (>= 0xA1 and <= 0xAC) or >= 0xAE;
            vocabulary[((char)(printable ? value : others++)).ToString()] = value;
        }

        vocabulary["12"] = Twelve;
        (int Id, string Text)[] marks = [(End, "<end>"), (TurnStart, "<|im_start|>"), (TurnEnd, "<|im_end|>")];
        scratch.Write("tokenizer.json", JsonSerializer.Serialize(new
        {
            version = "1.0",
            added_tokens = marks.Select(mark => new
            {
                id = mark.Id,
                content = mark.Text,
                single_word = false,
                lstrip = false,
                rstrip = false,
                normalized = false,
                special = true,
            }),
            normalizer = (object?)null,
            pre_tokenizer = new
            {
                type = "ByteLevel",
                add_prefix_space = false,
                trim_offsets = true,
                use_regex = false
            },
            post_processor = (object?)null,
            decoder = new { type = "ByteLevel", add_prefix_space = true, trim_offsets = true, use_regex = true },
            model = new { type = "BPE", dropout = (double?)null, vocab = vocabulary, merges = new[] { "1 2" } },
        }));
        scratch.Write("tokenizer_config.json", namesEnd ? """{"eos_token": "<end>"}""" : "{}");
        return Tokenizer.Load(scratch.Folder);
    }
}
