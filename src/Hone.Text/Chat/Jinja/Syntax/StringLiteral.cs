using System.Globalization;
using System.Text;

namespace Hone.Text.Chat.Jinja;

/// <summary>Quoted texts with their escapes, which are those of Python.</summary>
internal static class StringLiteral
{
    /// <summary>The length of the quoted text at a place, quotes included; 0 where it does not end.</summary>
    public static int LengthAt(string source, int start)
    {
        for (var index = start + 1; index < source.Length; index++)
        {
            if (source[index] == source[start])
            {
                return index + 1 - start;
            }

            if (source[index] == '\\')
            {
                index++;
            }
        }

        return 0;
    }

    /// <summary>What the inside of a quoted text stands for.</summary>
    public static string Unescape(ReadOnlySpan<char> text, int line)
    {
        if (!text.Contains('\\'))
        {
            return text.ToString();
        }

        var result = new StringBuilder();
        for (var index = 0; index < text.Length;)
        {
            if (text[index] != '\\')
            {
                result.Append(text[index++]);
                continue;
            }

            index += Escape(text[index..], result, line);
        }

        return result.ToString();
    }

    /// <summary>Writes what the escape at the start of <paramref name="text"/> stands for, and gives its
    /// length.</summary>
    private static int Escape(ReadOnlySpan<char> text, StringBuilder result, int line)
    {
        if (Simple(text[1]) is { } simple)
        {
            result.Append(simple);
            return 2;
        }

        switch (text[1])
        {
            case '\n':
                return 2;
            case >= '0' and <= '7':
                var length = 1;
                while (length < 3 && length + 1 < text.Length && text[length + 1] is >= '0' and <= '7')
                {
                    length++;
                }

                result.Append((char)NumberLiteral.Parse(text.Slice(1, length), 8));
                return length + 1;
            case 'x':
                return Hexadecimal(text, 2, "\\xXX", result, line);
            case 'u':
                return Hexadecimal(text, 4, "\\uXXXX", result, line);
            case 'U':
                return Hexadecimal(text, 8, "\\UXXXXXXXX", result, line);
            case 'N':
                return Named(text, result, line);
            case > '\x7f':
                // Python spells such a letter as an escape first, whose backslash this one then takes.
                Rune.DecodeFromUtf16(text[1..], out var letter, out var consumed);
                result.Append('\\').Append(PythonText.Escaped(letter.Value).AsSpan(1));
                return consumed + 1;
            default:
                result.Append('\\');
                return 1;
        }
    }

    private static char? Simple(char letter) => letter switch
    {
        '\\' or '\'' or '"' => letter,
        'a' => '\a',
        'b' => '\b',
        'f' => '\f',
        'n' => '\n',
        'r' => '\r',
        't' => '\t',
        'v' => '\v',
        _ => null,
    };

    private static int Hexadecimal(ReadOnlySpan<char> text, int digits, string form, StringBuilder result, int line)
    {
        if (text.Length < digits + 2
            || !uint.TryParse(text.Slice(2, digits), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture,
                out var code))
        {
            throw JinjaFault.Syntax($"truncated {form} escape", line);
        }

        if (code > 0x10FFFF)
        {
            throw JinjaFault.Syntax("illegal Unicode character", line);
        }

        PythonText.AppendCodePoint(result, (int)code);
        return digits + 2;
    }

    private static int Named(ReadOnlySpan<char> text, StringBuilder result, int line)
    {
        var end = text.IndexOf('}');
        if (text.Length < 4 || text[2] != '{' || end < 4)
        {
            throw JinjaFault.Syntax("malformed \\N character escape", line);
        }

        var code = CharacterNames.Find(text[3..end])
            ?? throw JinjaFault.Syntax("unknown Unicode character name", line);
        PythonText.AppendCodePoint(result, code);
        return end + 1;
    }
}
