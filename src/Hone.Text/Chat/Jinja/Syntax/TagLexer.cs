namespace Hone.Text.Chat.Jinja;

/// <summary>Cuts the inside of one tag into tokens, and finds its end.</summary>
internal sealed class TagLexer(string source, int begin, int line, bool isBlock)
{
    private static readonly string[] Operators =
    [
        "**", "//", "==", "!=", ">=", "<=",
        "+", "-", "/", "*", "%", "~", "[", "]", "(", ")", "{", "}", ">", "<", "=", ".", ":", "|", ",", ";",
    ];

    private readonly Stack<char> _open = [];
    private bool _isDone;

    /// <summary>Where the next token begins; after the last one, where the text after the tag begins.</summary>
    public int Position { get; private set; } = begin;

    /// <summary>The line of <see cref="Position"/>.</summary>
    public int Line { get; private set; } = line;

    /// <summary>The next token; null after the tag's end, and where the template ends first.</summary>
    public Token? Next()
    {
        while (!_isDone && Position < source.Length)
        {
            if (_open.Count == 0 && EndLength() is var end and > 0)
            {
                var token = new Token(isBlock ? TokenKind.BlockEnd : TokenKind.VariableEnd, "", Line);
                Take(AfterEnd(source, Position + end, source[Position], isBlock) - Position);
                _isDone = true;
                return token;
            }

            if (!PythonText.IsBlank(source[Position]))
            {
                return ReadToken();
            }

            Take(1);
        }

        return null;
    }

    /// <summary>Where text goes on after the end of a tag: <c>-</c> drops all blanks, and a block one newline unless it
    /// ends with <c>+</c>.</summary>
    public static int AfterEnd(string source, int end, char sign, bool isBlock)
    {
        if (sign == '-')
        {
            while (end < source.Length && PythonText.IsBlank(source[end]))
            {
                end++;
            }
        }
        else if (isBlock && sign != '+' && end < source.Length && source[end] == '\n')
        {
            end++;
        }

        return end;
    }

    private int EndLength()
    {
        var rest = source.AsSpan(Position);
        var mark = isBlock ? "%}" : "}}";
        if (rest.StartsWith(mark))
        {
            return 2;
        }

        return (rest[0] == '-' || (isBlock && rest[0] == '+')) && rest[1..].StartsWith(mark) ? 3 : 0;
    }

    private Token ReadToken()
    {
        if (NumberLiteral.LengthAt(source, Position, out var isFloat) is var length and > 0)
        {
            var at = Line;
            var digits = Take(length);
            return isFloat
                ? new Token(TokenKind.Float, digits, at, NumberLiteral.Float(digits))
                : new Token(TokenKind.Integer, digits, at, NumberLiteral.Integer(digits, at));
        }

        if (NameLength() is var name and > 0)
        {
            var text = Take(name);
            return PythonText.IsIdentifier(text)
                ? new Token(TokenKind.Name, text, Line)
                : throw JinjaFault.Syntax("Invalid character in identifier", Line);
        }

        if (source[Position] is '\'' or '"' && StringLiteral.LengthAt(source, Position) is var quoted and > 0)
        {
            var at = Line;
            return new Token(TokenKind.String, StringLiteral.Unescape(Take(quoted).AsSpan()[1..^1], at), at);
        }

        return ReadOperator();
    }

    private Token ReadOperator()
    {
        var rest = source.AsSpan(Position);
        foreach (var symbol in Operators)
        {
            if (rest.StartsWith(symbol))
            {
                Balance(symbol);
                Take(symbol.Length);
                return new Token(TokenKind.Operator, symbol, Line);
            }
        }

        System.Text.Rune.DecodeFromUtf16(rest, out var stranger, out _);
        var place = PythonText.CountCodePoints(source.AsSpan(0, Position));
        throw JinjaFault.Syntax($"unexpected char {PythonText.Quote(stranger.ToString())} at {place}", Line);
    }

    private void Balance(string symbol)
    {
        switch (symbol)
        {
            case "(":
                _open.Push(')');
                break;
            case "[":
                _open.Push(']');
                break;
            case "{":
                _open.Push('}');
                break;
            case ")" or "]" or "}":
                Close(symbol);
                break;
        }
    }

    private void Close(string symbol)
    {
        if (!_open.TryPop(out var expected))
        {
            throw JinjaFault.Syntax($"unexpected '{symbol}'", Line);
        }

        if (expected != symbol[0])
        {
            throw JinjaFault.Syntax($"unexpected '{symbol}', expected '{expected}'", Line);
        }
    }

    private int NameLength()
    {
        var end = Position;
        while (end < source.Length && PythonText.WordLengthAt(source, end) is var length and > 0)
        {
            end += length;
        }

        return end - Position;
    }

    private string Take(int length)
    {
        var text = source.Substring(Position, length);
        Line += text.AsSpan().Count('\n');
        Position += length;
        return text;
    }
}
