namespace Hone.Text.Patterns;

/// <summary>The pattern of GPT-4, Llama 3 and Qwen 2 as a scanner; they differ in how many digits stand
/// together.</summary>
/// <remarks>Every character belongs to a match, so each match starts where the search starts.</remarks>
internal sealed class Cl100kPattern(int digits) : IPattern
{
    /// <summary>The pattern with up to three digits together.</summary>
    public const string ThreeDigits = Contractions + @"|[^\r\n\p{L}\p{N}]?\p{L}+|\p{N}{1,3}" + Rest;

    /// <summary>The pattern with each digit alone.</summary>
    public const string OneDigit = Contractions + @"|[^\r\n\p{L}\p{N}]?\p{L}+|\p{N}" + Rest;

    private const string Contractions = "(?i:'s|'t|'re|'ve|'m|'ll|'d)";

    private const string Rest = @"| ?[^\s\p{L}\p{N}]+[\r\n]*|\s*[\r\n]+|\s+(?!\S)|\s+";

    /// <inheritdoc/>
    public bool Find(ReadOnlySpan<byte> text, int from, out int start, out int end)
    {
        start = from;
        end = from < text.Length ? EndOfMatch(text, from) : from;
        return end > from;
    }

    private int EndOfMatch(ReadOnlySpan<byte> text, int start)
    {
        if (text[start] == '\'' && ContractionLength(text[(start + 1)..]) is > 0 and var length)
        {
            return start + 1 + length;
        }

        var kind = WordClasses.At(text, start, out var first);
        var next = start + first;
        if (kind == WordClass.Letter)
        {
            return WordClasses.RunEnd(text, next, WordClass.Letter);
        }

        if (kind == WordClass.Number)
        {
            return EndOfDigits(text, next);
        }

        var after = next < text.Length ? WordClasses.At(text, next, out _) : WordClass.Space;
        if (after == WordClass.Letter && text[start] is not ((byte)'\r' or (byte)'\n'))
        {
            return WordClasses.RunEnd(text, next, WordClass.Letter);
        }

        if (kind == WordClass.Other || (text[start] == ' ' && after == WordClass.Other))
        {
            return EndOfLineBreaks(text, WordClasses.RunEnd(text, next, WordClass.Other));
        }

        return EndOfSpaces(text, start);
    }

    private int EndOfDigits(ReadOnlySpan<byte> text, int index)
    {
        for (var count = 1; count < digits && index < text.Length; count++)
        {
            if (WordClasses.At(text, index, out var length) != WordClass.Number)
            {
                break;
            }

            index += length;
        }

        return index;
    }

    private static int EndOfLineBreaks(ReadOnlySpan<byte> text, int index)
    {
        while (index < text.Length && text[index] is (byte)'\r' or (byte)'\n')
        {
            index++;
        }

        return index;
    }

    // \s*[\r\n]+ ends after the last line break of the run, since \s* gives back no more than it must.
    private static int EndOfSpaces(ReadOnlySpan<byte> text, int start)
    {
        var run = text[start..WordClasses.RunEnd(text, start, WordClass.Space)];
        var lastBreak = run.LastIndexOfAny((byte)'\r', (byte)'\n');
        return lastBreak >= 0 ? start + lastBreak + 1 : Gpt2Pattern.EndOfSpaces(text, start);
    }

    // The long s (U+017F, C5 BF) is an s by case folding.
    private static int ContractionLength(ReadOnlySpan<byte> rest) => rest switch
    {
        [(byte)'s' or (byte)'S' or (byte)'t' or (byte)'T' or (byte)'m' or (byte)'M' or (byte)'d' or (byte)'D', ..] => 1,
        [(byte)'r' or (byte)'R' or (byte)'v' or (byte)'V', (byte)'e' or (byte)'E', ..] => 2,
        [(byte)'l' or (byte)'L', (byte)'l' or (byte)'L', ..] => 2,
        [0xC5, 0xBF, ..] => 2,
        _ => 0,
    };
}
