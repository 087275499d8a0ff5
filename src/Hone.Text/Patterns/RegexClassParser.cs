using System.Globalization;
using Hone.Text.Unicode;

namespace Hone.Text.Patterns;

/// <summary>Reads the character classes and escapes of a regular expression.</summary>
internal sealed class RegexClassParser(RegexCursor at)
{
    private const int LongestPosixName = 10;

    /// <summary>Reads a class whose <c>[</c> has been read.</summary>
    public CodePointSet ParseClass(bool ignoreCase)
    {
        at.Enter();
        var negated = at.Take('^');
        CodePointSet? intersected = null;
        HashSet<CodePointSet> parts = [];
        for (var first = true; first || at.Peek() != ']'; first = false)
        {
            if (at.Peek() == '&' && at.Peek(ahead: 1) == '&')
            {
                at.Position += 2;
                var before = CodePointSet.UnionOf(parts);
                intersected = intersected?.Intersect(before) ?? before;
                parts.Clear();
                continue;
            }

            parts.Add(ParsePart(ignoreCase));
        }

        at.Next();
        at.Leave();
        var set = CodePointSet.UnionOf(parts);
        set = intersected?.Intersect(set) ?? set;
        set = ignoreCase ? set.WithOtherCases() : set;
        return negated ? set.Complement() : set;
    }

    /// <summary>
    /// The class that a backslash and <paramref name="rune"/>, both read, stand for; null where it is none.
    /// </summary>
    public CodePointSet? ParseClassEscape(int rune) => rune switch
    {
        's' => RegexClasses.Space,
        'S' => RegexClasses.Space.Complement(),
        'd' => RegexClasses.Digit,
        'D' => RegexClasses.Digit.Complement(),
        'w' => RegexClasses.Word,
        'W' => RegexClasses.Word.Complement(),
        'h' => RegexClasses.HexDigit,
        'H' => RegexClasses.HexDigit.Complement(),
        'p' or 'P' => ParseProperty(rune == 'P'),
        _ => null,
    };

    /// <summary>The character that a backslash and <paramref name="rune"/>, both read, stand for.</summary>
    public int ParseCharacterEscape(int rune) => rune switch
    {
        'n' => '\n',
        'r' => '\r',
        't' => '\t',
        'f' => '\f',
        'v' => '\v',
        'a' => '\a',
        'e' => 0x1B,
        '0' => 0,
        'x' when at.Take('{') => ParseHex(8, closed: true),
        'x' => ParseHex(2, closed: false),
        'u' => ParseHex(4, closed: false),
        _ => rune,
    };

    private CodePointSet ParsePart(bool ignoreCase)
    {
        var rune = at.Next();
        if (rune == '[')
        {
            return at.Peek() == ':' && ParsePosix() is { } posix ? posix : ParseClass(ignoreCase);
        }

        if (rune == '\\')
        {
            rune = at.Next();
            if (ParseClassEscape(rune) is { } set)
            {
                return set;
            }

            rune = rune == 'b' ? '\b' : ParseCharacterEscape(rune);
        }

        return at.Peek() == '-' && at.Peek(ahead: 1) is not (']' or '[' or -1)
            ? ParseRange(rune)
            : CodePointSet.Range(rune, rune);
    }

    private CodePointSet ParseRange(int first)
    {
        at.Next();
        var last = at.Next();
        if (last == '\\')
        {
            last = at.Next();
            if (ParseClassEscape(last) is { } set)
            {
                return set.Union(CodePointSet.Range(first, first)).Union(CodePointSet.Range('-', '-'));
            }

            last = ParseCharacterEscape(last);
        }

        return last >= first
            ? CodePointSet.Range(first, last)
            : throw at.Fault("has a range in a class that falls");
    }

    // [:name:] inside of a class, its first bracket read; what only looks like it is a class of its own.
    private CodePointSet? ParsePosix()
    {
        var length = 1;
        while (length <= LongestPosixName && at.Peek(length) is not (':' or ']' or -1))
        {
            length++;
        }

        if (at.Peek(length) != ':' || at.Peek(length + 1) != ']')
        {
            return null;
        }

        var start = at.Position;
        at.Next();
        var negated = at.Take('^');
        if (RegexClasses.Posix(at.TakeUntil(':')) is { } set)
        {
            at.Next();
            return negated ? set.Complement() : set;
        }

        at.Position = start;
        return null;
    }

    private CodePointSet ParseProperty(bool negated)
    {
        if (!at.Take('{'))
        {
            throw at.Fault("has \\p without a property in braces");
        }

        negated ^= at.Take('^');
        var name = at.TakeUntil('}');
        var set = RegexClasses.Property(name)
            ?? throw at.Fault($"names the property \"{name}\", which is not known");
        return negated ? set.Complement() : set;
    }

    private int ParseHex(int digits, bool closed)
    {
        var value = 0;
        var count = 0;
        for (; count < digits && at.Peek(ahead: 0) is >= 0 and < 128 && char.IsAsciiHexDigit((char)at.Peek()); count++)
        {
            var digit = ((char)at.Next()).ToString();
            value = (value << 4) | int.Parse(digit, NumberStyles.HexNumber, CultureInfo.InvariantCulture);
        }

        return count > 0 && (!closed || at.Take('}')) && value is >= 0 and <= CodePoint.Last
            ? value
            : throw at.Fault("has an escape by code point that is not one");
    }
}
