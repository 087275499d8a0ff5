using System.Globalization;
using System.Text;
using Hone.Text.Unicode;

namespace Hone.Text.Patterns;

/// <summary>Reads a regular expression as tokenizer files use it.</summary>
/// <remarks>
/// Beyond the usual, repetitions may be possessive, classes nest and intersect by <c>&amp;&amp;</c>; see
/// <see cref="RegexSyntax"/> for where the two syntaxes differ. Groups do not capture and there are no back-references,
/// since a tokenizer asks only where a match is.
/// </remarks>
internal sealed class RegexParser
{
    private const int DeepestNesting = 100;
    private const int MostRepeats = 1000;

    private readonly string _pattern;
    private readonly int[] _runes;
    private readonly bool _isRust;
    private int _position;
    private int _depth;
    private bool _ignoreCase;
    private bool _dotMatchesBreak;

    private RegexParser(string pattern, RegexSyntax syntax)
    {
        _pattern = pattern;
        _isRust = syntax == RegexSyntax.Rust;
        _runes = [.. pattern.EnumerateRunes().Select(rune => rune.Value)];
    }

    /// <summary>Reads <paramref name="pattern"/>.</summary>
    /// <exception cref="FormatException">It is not a regular expression, or uses what is not supported; the message
    /// says what and where.</exception>
    public static RegexNode Parse(string pattern, RegexSyntax syntax)
    {
        var parser = new RegexParser(pattern, syntax);
        var node = parser.ParseChoice();
        return parser._position == parser._runes.Length ? node : throw parser.Fault("has a \")\" too many");
    }

    private RegexNode ParseChoice()
    {
        if (++_depth > DeepestNesting)
        {
            throw Fault($"nests deeper than {DeepestNesting} groups");
        }

        var ignoreCase = _ignoreCase;
        var dotMatchesBreak = _dotMatchesBreak;
        List<RegexNode> choices = [ParseChain()];
        while (Take('|'))
        {
            choices.Add(ParseChain());
        }

        (_ignoreCase, _dotMatchesBreak) = (ignoreCase, dotMatchesBreak);
        _depth--;
        return choices is [var only] ? only : new RegexNode.Choice(choices);
    }

    private RegexNode ParseChain()
    {
        List<RegexNode> parts = [];
        while (_position < _runes.Length && Peek() is not ('|' or ')'))
        {
            if (ParseAtom() is { } atom)
            {
                parts.Add(ParseRepeats(atom));
            }
        }

        return parts is [var only] ? only : new RegexNode.Chain(parts);
    }

    private RegexNode ParseRepeats(RegexNode atom)
    {
        while (_position < _runes.Length)
        {
            var start = _position;
            var (least, most, counted) = Next() switch
            {
                '*' => (0, int.MaxValue, false),
                '+' => (1, int.MaxValue, false),
                '?' => (0, 1, false),
                '{' when ParseCounts() is var (low, high) => (low, high, true),
                _ => (-1, -1, false),
            };
            if (least < 0)
            {
                _position = start;
                return atom;
            }

            var greed = Take('?') ? Greed.Lazy : (_isRust || !counted) && Take('+') ? Greed.Possessive : Greed.Greedy;
            atom = new RegexNode.Repeat(atom, least, most, greed);
            if (++_depth > DeepestNesting)
            {
                throw Fault($"repeats a repetition more than {DeepestNesting} times");
            }
        }

        return atom;
    }

    private (int Least, int Most)? ParseCounts()
    {
        var start = _position;
        var least = ParseNumber();
        var most = least;
        if (Take(','))
        {
            most = ParseNumber() ?? int.MaxValue;
            least ??= 0;
        }

        if (least is not { } low || most is not { } high || !Take('}'))
        {
            _position = start;
            return null;
        }

        if (low > high || low > MostRepeats || (high > MostRepeats && high != int.MaxValue))
        {
            throw Fault($"repeats from {low} to {high} times, which must rise and stay within {MostRepeats}");
        }

        return (low, high);
    }

    private int? ParseNumber()
    {
        var start = _position;
        var value = 0;
        while (_position < _runes.Length && Peek() is >= '0' and <= '9')
        {
            value = Math.Min((value * 10) + Next() - '0', 1_000_000);
        }

        return _position > start ? value : null;
    }

    private RegexNode? ParseAtom()
    {
        var rune = Next();
        return rune switch
        {
            '(' => ParseGroup(),
            '[' => new RegexNode.One(ParseClass()),
            '.' => new RegexNode.One(
                _dotMatchesBreak ? CodePointSet.Empty.Complement() : CodePointSet.Range('\n', '\n').Complement()),
            '^' => new RegexNode.At(_isRust ? Anchor.TextStart : Anchor.LineStart),
            '$' => new RegexNode.At(_isRust ? Anchor.TextEnd : Anchor.LineEnd),
            '\\' => ParseEscape(),
            '*' or '+' or '?' => throw Fault($"has nothing to repeat before \"{(char)rune}\""),
            _ => Literal(rune),
        };
    }

    private RegexNode.One Literal(int rune)
    {
        var set = CodePointSet.Range(rune, rune);
        return new RegexNode.One(_ignoreCase ? set.WithOtherCases() : set);
    }

    private RegexNode? ParseGroup()
    {
        if (!Take('?'))
        {
            return Closed(ParseChoice());
        }

        switch (Next())
        {
            case ':':
                return Closed(ParseChoice());
            case '>':
                return new RegexNode.Atomic(Closed(ParseChoice()));
            case '=':
                return new RegexNode.Look(Closed(ParseChoice()), Behind: false, Negated: false);
            case '!':
                return new RegexNode.Look(Closed(ParseChoice()), Behind: false, Negated: true);
            case '<' when Take('='):
                return new RegexNode.Look(Closed(ParseChoice()), Behind: true, Negated: false);
            case '<' when Take('!'):
                return new RegexNode.Look(Closed(ParseChoice()), Behind: true, Negated: true);
            case '<':
                while (Next() != '>')
                {
                }

                return Closed(ParseChoice());
            case '#':
                while (Next() != ')')
                {
                }

                return null;
            default:
                _position--;
                return ParseOptions();
        }
    }

    private RegexNode? ParseOptions()
    {
        var (ignoreCase, dotMatchesBreak) = (_ignoreCase, _dotMatchesBreak);
        var on = true;
        while (true)
        {
            switch (Next())
            {
                case '-':
                    on = false;
                    break;
                case 'i':
                    _ignoreCase = on;
                    break;
                case 'm' or 's':
                    _dotMatchesBreak = on;
                    break;
                case ':':
                    var group = Closed(ParseChoice());
                    (_ignoreCase, _dotMatchesBreak) = (ignoreCase, dotMatchesBreak);
                    return group;
                case ')':
                    return null;
                case var other:
                    throw Fault($"has the group option \"{new Rune(other)}\"; known are i, m and s");
            }
        }
    }

    private RegexNode Closed(RegexNode node) => Take(')') ? node : throw Fault("lacks a \")\"");

    private RegexNode ParseEscape()
    {
        var rune = Next();
        RegexNode? anchor = rune switch
        {
            'A' => new RegexNode.At(Anchor.TextStart),
            'z' => new RegexNode.At(Anchor.TextEnd),
            'Z' => new RegexNode.At(Anchor.TextEndOrBreak),
            'b' => new RegexNode.At(Anchor.WordEdge),
            'B' => new RegexNode.At(Anchor.NoWordEdge),
            >= '1' and <= '9' or 'k' or 'g' => throw Fault("refers back to a group, which is not supported"),
            _ => null,
        };
        if (anchor is not null)
        {
            return anchor;
        }

        if (ParseClassEscape(rune) is { } set)
        {
            return new RegexNode.One(set);
        }

        return Literal(ParseCharacterEscape(rune));
    }

    private CodePointSet? ParseClassEscape(int rune) => rune switch
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

    private CodePointSet ParseProperty(bool negated)
    {
        if (!Take('{'))
        {
            throw Fault("has \\p without a property in braces");
        }

        negated ^= Take('^');
        var name = new StringBuilder();
        for (var rune = Next(); rune != '}'; rune = Next())
        {
            name.Append(new Rune(rune).ToString());
        }

        var set = RegexClasses.Property(name.ToString())
            ?? throw Fault($"names the property \"{name}\", which is not known");
        return negated ? set.Complement() : set;
    }

    private int ParseCharacterEscape(int rune) => rune switch
    {
        'n' => '\n',
        'r' => '\r',
        't' => '\t',
        'f' => '\f',
        'v' => '\v',
        'a' => '\a',
        'e' => 0x1B,
        '0' => 0,
        'x' when Take('{') => ParseHex(8, closed: true),
        'x' => ParseHex(2, closed: false),
        'u' => ParseHex(4, closed: false),
        _ => rune,
    };

    private int ParseHex(int digits, bool closed)
    {
        var value = 0;
        var count = 0;
        for (; count < digits && _position < _runes.Length && Peek() < 128
            && char.IsAsciiHexDigit((char)Peek()); count++)
        {
            value = (value << 4) | int.Parse(
                ((char)Next()).ToString(), NumberStyles.HexNumber, CultureInfo.InvariantCulture);
        }

        return count > 0 && (!closed || Take('}')) && value is >= 0 and <= CodePoint.Last
            ? value
            : throw Fault("has an escape by code point that is not one");
    }

    private CodePointSet ParseClass()
    {
        if (++_depth > DeepestNesting)
        {
            throw Fault($"nests deeper than {DeepestNesting} groups");
        }

        var negated = Take('^');
        CodePointSet? intersected = null;
        var set = CodePointSet.Empty;
        for (var first = true; first || Peek() != ']'; first = false)
        {
            if (Peek() == '&' && _position + 1 < _runes.Length && _runes[_position + 1] == '&')
            {
                _position += 2;
                intersected = intersected?.Intersect(set) ?? set;
                set = CodePointSet.Empty;
                continue;
            }

            set = set.Union(ParseClassPart());
        }

        _position++;
        _depth--;
        set = intersected?.Intersect(set) ?? set;
        set = _ignoreCase ? set.WithOtherCases() : set;
        return negated ? set.Complement() : set;
    }

    private CodePointSet ParseClassPart()
    {
        var rune = Next();
        if (rune == '[')
        {
            return Peek() == ':' && ParsePosix() is { } posix ? posix : ParseClass();
        }

        if (rune == '\\')
        {
            rune = Next();
            if (ParseClassEscape(rune) is { } set)
            {
                return set;
            }

            rune = rune == 'b' ? '\b' : ParseCharacterEscape(rune);
        }

        if (Peek() != '-' || _position + 1 >= _runes.Length || _runes[_position + 1] is ']' or '[')
        {
            return CodePointSet.Range(rune, rune);
        }

        _position++;
        var last = Next();
        if (last == '\\')
        {
            last = Next();
            if (ParseClassEscape(last) is { } set)
            {
                return set.Union(CodePointSet.Range(rune, rune)).Union(CodePointSet.Range('-', '-'));
            }

            last = ParseCharacterEscape(last);
        }

        return last >= rune ? CodePointSet.Range(rune, last) : throw Fault("has a range in a class that falls");
    }

    private CodePointSet? ParsePosix()
    {
        var close = _pattern.Length;
        var name = new StringBuilder();
        for (var index = _position + 1; index + 1 < _runes.Length && index < _position + 12; index++)
        {
            if (_runes[index] == ':' && _runes[index + 1] == ']')
            {
                close = index + 2;
                break;
            }

            name.Append(new Rune(_runes[index]).ToString());
        }

        var text = name.ToString();
        var negated = text.StartsWith('^');
        if (close == _pattern.Length || RegexClasses.Posix(text.TrimStart('^')) is not { } set)
        {
            return null;
        }

        _position = close;
        return negated ? set.Complement() : set;
    }

    private int Peek() => _position < _runes.Length ? _runes[_position] : throw Fault("ends too early");

    private int Next() => _position < _runes.Length ? _runes[_position++] : throw Fault("ends too early");

    private bool Take(int rune)
    {
        var taken = _position < _runes.Length && _runes[_position] == rune;
        _position += taken ? 1 : 0;
        return taken;
    }

    private FormatException Fault(string problem) =>
        new($"the pattern \"{_pattern}\" {problem} (at character {Math.Min(_position, _runes.Length)})");
}
