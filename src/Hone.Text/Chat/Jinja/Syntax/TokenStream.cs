namespace Hone.Text.Chat.Jinja;

/// <summary>The tokens of a template, one at a time; they are made as they are needed, so that the first fault of the
/// text is the one that is told.</summary>
internal sealed class TokenStream
{
    private readonly IEnumerator<Token> _tokens;
    private Token? _pushed;

    /// <summary>Begins with the first token.</summary>
    public TokenStream(IEnumerable<Token> tokens)
    {
        _tokens = tokens.GetEnumerator();
        Current = new Token(TokenKind.Data, "", 1);
        Next();
    }

    /// <summary>The token that is to be read.</summary>
    public Token Current { get; private set; }

    /// <summary>Takes the token.</summary>
    public Token Next()
    {
        var taken = Current;
        if (_pushed is { } pushed)
        {
            (Current, _pushed) = (pushed, null);
        }
        else if (taken.Kind != TokenKind.End)
        {
            Current = _tokens.MoveNext() ? _tokens.Current : new Token(TokenKind.End, "", taken.Line);
        }

        return taken;
    }

    /// <summary>The token after the current one.</summary>
    public Token Look()
    {
        if (_pushed is { } known)
        {
            return known;
        }

        var current = Next();
        _pushed = Current;
        Current = current;
        return _pushed.Value;
    }

    /// <summary>Takes the token if it is the operator <paramref name="symbol"/>.</summary>
    public bool SkipIf(string symbol) => Current.Is(symbol) && Skip();

    /// <summary>Takes the token if it is the name <paramref name="name"/>.</summary>
    public bool SkipIfName(string name) => Current.IsName(name) && Skip();

    /// <summary>Takes a token of the kind.</summary>
    public Token Expect(TokenKind kind) => Current.Kind == kind ? Next() : throw Unexpected(Token.Describe(kind));

    /// <summary>Takes the operator.</summary>
    public Token Expect(string symbol) => Current.Is(symbol) ? Next() : throw Unexpected(symbol);

    /// <summary>Takes the name.</summary>
    public Token ExpectName(string name) => Current.IsName(name) ? Next() : throw Unexpected(name);

    private bool Skip()
    {
        Next();
        return true;
    }

    private JinjaFault Unexpected(string expected) => Current.Kind == TokenKind.End
        ? JinjaFault.Syntax(
            $"unexpected end of template, expected {PythonText.Quote(expected)}.", Current.Line)
        : JinjaFault.Syntax(
            $"expected token {PythonText.Quote(expected)}, got {PythonText.Quote(Current.Description)}", Current.Line);
}
