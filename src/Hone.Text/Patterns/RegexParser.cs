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
    private const int MostRepeats = 1000;
    private const int MostNestedRepeats = 100;

    private readonly RegexCursor _at;
    private readonly RegexClassParser _classes;
    private readonly bool _isRust;
    private bool _ignoreCase;
    private bool _dotMatchesBreak;

    private RegexParser(string pattern, RegexSyntax syntax)
    {
        _at = new RegexCursor(pattern);
        _classes = new RegexClassParser(_at);
        _isRust = syntax == RegexSyntax.Rust;
    }

    /// <summary>Reads <paramref name="pattern"/>.</summary>
    /// <exception cref="FormatException">It is not a regular expression, or uses what is not supported; the message
    /// says what and where.</exception>
    public static RegexNode Parse(string pattern, RegexSyntax syntax)
    {
        var parser = new RegexParser(pattern, syntax);
        var node = parser.ParseChoice();
        return parser._at.IsAtEnd ? node : throw parser._at.Fault("has a \")\" too many");
    }

    private RegexNode ParseChoice()
    {
        _at.Enter();
        var ignoreCase = _ignoreCase;
        var dotMatchesBreak = _dotMatchesBreak;
        List<RegexNode> choices = [ParseChain()];
        while (_at.Take('|'))
        {
            choices.Add(ParseChain());
        }

        (_ignoreCase, _dotMatchesBreak) = (ignoreCase, dotMatchesBreak);
        _at.Leave();
        return choices is [var only] ? only : new RegexNode.Choice(choices);
    }

    private RegexNode ParseChain()
    {
        List<RegexNode> parts = [];
        while (!_at.IsAtEnd && _at.Peek() is not ('|' or ')'))
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
        var nested = 0;
        while (!_at.IsAtEnd)
        {
            var start = _at.Position;
            var (least, most, counted) = _at.Next() switch
            {
                '*' => (0, int.MaxValue, false),
                '+' => (1, int.MaxValue, false),
                '?' => (0, 1, false),
                '{' when ParseCounts() is var (low, high) => (low, high, true),
                _ => (-1, -1, false),
            };
            if (least < 0)
            {
                _at.Position = start;
                return atom;
            }

            var greed = _at.Take('?') ? Greed.Lazy : (_isRust || !counted) && _at.Take('+')
                ? Greed.Possessive
                : Greed.Greedy;
            atom = new RegexNode.Repeat(atom, least, most, greed);
            if (++nested > MostNestedRepeats)
            {
                throw _at.Fault($"repeats a repetition more than {MostNestedRepeats} times");
            }
        }

        return atom;
    }

    private (int Least, int Most)? ParseCounts()
    {
        var start = _at.Position;
        var least = ParseNumber();
        var most = least;
        if (_at.Take(','))
        {
            most = ParseNumber() ?? int.MaxValue;
            least ??= 0;
        }

        if (least is not { } low || most is not { } high || !_at.Take('}'))
        {
            _at.Position = start;
            return null;
        }

        if (low > high || low > MostRepeats || (high > MostRepeats && high != int.MaxValue))
        {
            throw _at.Fault($"repeats from {low} to {high} times, which must rise and stay within {MostRepeats}");
        }

        return (low, high);
    }

    private int? ParseNumber()
    {
        var start = _at.Position;
        var value = 0;
        while (!_at.IsAtEnd && _at.Peek() is >= '0' and <= '9')
        {
            value = Math.Min((value * 10) + _at.Next() - '0', 1_000_000);
        }

        return _at.Position > start ? value : null;
    }

    private RegexNode? ParseAtom()
    {
        var rune = _at.Next();
        return rune switch
        {
            '(' => ParseGroup(),
            '[' => new RegexNode.One(_classes.ParseClass(_ignoreCase)),
            '.' => new RegexNode.One(
                _dotMatchesBreak ? CodePointSet.Empty.Complement() : CodePointSet.Range('\n', '\n').Complement()),
            '^' => new RegexNode.At(_isRust ? Anchor.TextStart : Anchor.LineStart),
            '$' => new RegexNode.At(_isRust ? Anchor.TextEnd : Anchor.LineEnd),
            '\\' => ParseEscape(),
            '*' or '+' or '?' => throw _at.Fault($"has nothing to repeat before \"{(char)rune}\""),
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
        if (!_at.Take('?'))
        {
            return Closed(ParseChoice());
        }

        switch (_at.Next())
        {
            case ':':
                return Closed(ParseChoice());
            case '>':
                return new RegexNode.Atomic(Closed(ParseChoice()));
            case '=':
                return new RegexNode.Look(Closed(ParseChoice()), Behind: false, Negated: false);
            case '!':
                return new RegexNode.Look(Closed(ParseChoice()), Behind: false, Negated: true);
            case '<' when _at.Take('='):
                return new RegexNode.Look(Closed(ParseChoice()), Behind: true, Negated: false);
            case '<' when _at.Take('!'):
                return new RegexNode.Look(Closed(ParseChoice()), Behind: true, Negated: true);
            case '<':
                _at.TakeUntil('>');
                return Closed(ParseChoice());
            case '#':
                _at.TakeUntil(')');
                return null;
            default:
                _at.Position--;
                return ParseOptions();
        }
    }

    private RegexNode? ParseOptions()
    {
        var (ignoreCase, dotMatchesBreak) = (_ignoreCase, _dotMatchesBreak);
        var on = true;
        while (true)
        {
            switch (_at.Next())
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
                    throw _at.Fault($"has the group option \"{new Rune(other)}\"; known are i, m and s");
            }
        }
    }

    private RegexNode Closed(RegexNode node) => _at.Take(')') ? node : throw _at.Fault("lacks a \")\"");

    private RegexNode ParseEscape()
    {
        var rune = _at.Next();
        RegexNode? anchor = rune switch
        {
            'A' => new RegexNode.At(Anchor.TextStart),
            'z' => new RegexNode.At(Anchor.TextEnd),
            'Z' => new RegexNode.At(Anchor.TextEndOrBreak),
            'b' => new RegexNode.At(Anchor.WordEdge),
            'B' => new RegexNode.At(Anchor.NoWordEdge),
            >= '1' and <= '9' or 'k' or 'g' => throw _at.Fault("refers back to a group, which is not supported"),
            _ => null,
        };
        if (anchor is not null)
        {
            return anchor;
        }

        if (_classes.ParseClassEscape(rune) is { } set)
        {
            return new RegexNode.One(set);
        }

        return Literal(_classes.ParseCharacterEscape(rune));
    }
}
