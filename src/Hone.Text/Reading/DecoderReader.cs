using System.Text;
using Hone.Text.Decoders;
using Hone.Text.Patterns;
using Hone.Text.Pipeline;

namespace Hone.Text.Reading;

/// <summary>Reads the decoder of <c>tokenizer.json</c>.</summary>
internal static class DecoderReader
{
    /// <summary>Reads a decoder with all its parts.</summary>
    public static IDecoder Read(JsonPart part) => part.Get("type").Text() switch
    {
        "Sequence" => new DecoderSequence([.. part.Get("decoders").Items().Select(Read)]),
        "ByteLevel" => new ByteLevelDecoder(),
        "ByteFallback" => new ByteFallbackDecoder(),
        "Fuse" => new FuseDecoder(),
        "Strip" => new StripDecoder(
            ReadCharacter(part.Get("content")), part.Get("start").Int(), part.Get("stop").Int()),
        "Replace" => ReadReplace(part),
        "Metaspace" => ReadMetaspace(part),
        "WordPiece" => ReadWordPiece(part),
        "CTC" => new CtcDecoder(
            part.Text("pad_token") ?? "<pad>", part.Text("word_delimiter_token") ?? "|", part.Bool("cleanup", true)),
        "BPEDecoder" => new SuffixDecoder(part.Text("suffix") ?? "</w>"),
        var other => throw part.Fault($"is of the type {other}, which is not known"),
    };

    private static TokenDecoder ReadWordPiece(JsonPart part)
    {
        var prefix = part.Text("prefix") ?? "##";
        var cleansUp = part.Bool("cleanup", true);
        return new TokenDecoder((token, isFirst) =>
        {
            var text = isFirst ? token : token.StartsWith(prefix, StringComparison.Ordinal)
                ? token[prefix.Length..]
                : " " + token;
            return cleansUp ? WordPieceCleanup.Apply(text) : text;
        });
    }

    private static TokenDecoder ReadReplace(JsonPart part)
    {
        var pattern = PatternReader.Read(part);
        var content = part.Get("content").Text();
        return new TokenDecoder((token, _) => ReplaceIn(token, pattern, content));
    }

    private static string ReplaceIn(string token, IPattern pattern, string content)
    {
        var bytes = Encoding.UTF8.GetBytes(token);
        var result = new StringBuilder();
        var last = 0;
        while (last < bytes.Length && pattern.Find(bytes, last, out var start, out var end) && end > start)
        {
            result.Append(Encoding.UTF8.GetString(bytes.AsSpan(last..start))).Append(content);
            last = end;
        }

        return last == 0 ? token : result.Append(Encoding.UTF8.GetString(bytes.AsSpan(last..))).ToString();
    }

    private static TokenDecoder ReadMetaspace(JsonPart part)
    {
        var mark = ReadCharacter(part.Get("replacement")).ToString();
        var strips = part.Text("prepend_scheme") switch
        {
            "never" => false,
            null => part.Bool("add_prefix_space", true),
            _ => true,
        };
        return new TokenDecoder(
            (token, isFirst) => token.Replace(mark, isFirst && strips ? "" : " ", StringComparison.Ordinal));
    }

    private static Rune ReadCharacter(JsonPart part)
    {
        Rune[] runes = [.. part.Text().EnumerateRunes()];
        return runes is [var only] ? only : throw part.Fault($"must be one character, got \"{part.Text()}\"");
    }
}
