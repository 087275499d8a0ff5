using Hone.Text.Pipeline;

namespace Hone.Text.Patterns;

/// <summary>The pattern of GPT-2 as a scanner: contractions, then words, numbers and the rest, each with one blank
/// before it.</summary>
/// <remarks>Every character belongs to a match, so each match starts where the search starts.</remarks>
internal sealed class Gpt2Pattern : IPattern
{
    /// <summary>The pattern that this scanner stands for.</summary>
    public const string Text = @"'s|'t|'re|'ve|'m|'ll|'d| ?\p{L}+| ?\p{N}+| ?[^\s\p{L}\p{N}]+|\s+(?!\S)|\s+";

    /// <inheritdoc/>
    public bool Find(ReadOnlySpan<byte> text, int from, out int start, out int end)
    {
        start = from;
        end = from < text.Length ? EndOfMatch(text, from) : from;
        return end > from;
    }

    private static int EndOfMatch(ReadOnlySpan<byte> text, int start)
    {
        if (text[start] == '\'' && ContractionLength(text[(start + 1)..]) is > 0 and var length)
        {
            return start + 1 + length;
        }

        var kind = WordClasses.At(text, start, out var first);
        var next = start + first;
        if (kind != WordClass.Space)
        {
            return WordClasses.RunEnd(text, next, kind);
        }

        if (text[start] == ' ' && next < text.Length
            && WordClasses.At(text, next, out _) is not WordClass.Space and var after)
        {
            return WordClasses.RunEnd(text, next, after);
        }

        return EndOfSpaces(text, start);
    }

    /// <summary>What <c>\s+(?!\S)|\s+</c> matches: the run of white space, but for its last character where a word
    /// follows.</summary>
    public static int EndOfSpaces(ReadOnlySpan<byte> text, int start)
    {
        var end = WordClasses.RunEnd(text, start, WordClass.Space);
        if (end == text.Length)
        {
            return end;
        }

        var last = Utf8Text.Before(text, end);
        return last > start ? last : end;
    }

    private static int ContractionLength(ReadOnlySpan<byte> rest) => rest switch
    {
        [(byte)'s' or (byte)'t' or (byte)'m' or (byte)'d', ..] => 1,
        [(byte)'r' or (byte)'v', (byte)'e', ..] => 2,
        [(byte)'l', (byte)'l', ..] => 2,
        _ => 0,
    };
}
