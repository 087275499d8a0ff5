namespace Hone.Text.Chat.Jinja;

/// <summary>Reads operands: names, literals and brackets, with what hangs on them.</summary>
internal sealed class OperandParser
{
    private readonly TokenStream _tokens;
    private readonly Nesting _nesting;
    private readonly ExpressionParser _expressions;
    private readonly SuffixParser _suffixes;

    /// <summary>Reads the operands of the expressions that <paramref name="expressions"/> reads.</summary>
    public OperandParser(TokenStream tokens, Nesting nesting, ExpressionParser expressions)
    {
        (_tokens, _nesting, _expressions) = (tokens, nesting, expressions);
        _suffixes = new SuffixParser(tokens, nesting, expressions, this);
    }

    /// <summary>Reads <c>name(arguments)</c>, and more of them behind <c>|</c>, after the first <c>|</c>.</summary>
    public FilterExpression Filters(Expression? target) => _suffixes.Filters(target);

    /// <summary>Reads a name, a literal, or what stands in brackets.</summary>
    /// <param name="withNamespace">Whether an attribute of a namespace can be meant.</param>
    public Expression Primary(bool withNamespace)
    {
        var token = _tokens.Current;
        switch (token.Kind)
        {
            case TokenKind.Name:
                _tokens.Next();
                return Named(token, withNamespace);
            case TokenKind.String:
                return Texts();
            case TokenKind.Integer or TokenKind.Float:
                _tokens.Next();
                return new ConstantExpression(token.Line, token.Number!);
            case TokenKind.Operator when token.Text == "(":
                _tokens.Next();
                var tuple = _expressions.ParseTuple(mayBeEmpty: true);
                _tokens.Expect(")");
                return tuple;
            case TokenKind.Operator when token.Text == "[":
                return List();
            case TokenKind.Operator when token.Text == "{":
                return Dict();
            default:
                throw JinjaFault.Syntax($"unexpected {PythonText.Quote(token.Description)}", token.Line);
        }
    }

    private Expression Named(Token token, bool withNamespace)
    {
        switch (token.Text)
        {
            case "true" or "True":
                return new ConstantExpression(token.Line, BoolValue.True);
            case "false" or "False":
                return new ConstantExpression(token.Line, BoolValue.False);
            case "none" or "None":
                return new ConstantExpression(token.Line, NoneValue.None);
            default:
                return withNamespace && _tokens.SkipIf(".")
                    ? new NamespaceExpression(token.Line, token.Text, _tokens.Expect(TokenKind.Name).Text)
                    : new NameExpression(token.Line, token.Text);
        }
    }

    private ConstantExpression Texts()
    {
        var line = _tokens.Current.Line;
        List<string> texts = [];
        while (_tokens.Current.Kind == TokenKind.String)
        {
            texts.Add(_tokens.Next().Text);
        }

        return new ConstantExpression(line, new TextValue(string.Concat(texts)));
    }

    private ListExpression List()
    {
        var line = _tokens.Expect("[").Line;
        List<Expression> items = [];
        while (!_tokens.Current.Is("]"))
        {
            if (items.Count > 0)
            {
                _tokens.Expect(",");
                if (_tokens.Current.Is("]"))
                {
                    break;
                }
            }

            items.Add(_expressions.Parse());
        }

        _tokens.Expect("]");
        return new ListExpression(line, _nesting.Over(line, items), items);
    }

    private DictExpression Dict()
    {
        var line = _tokens.Expect("{").Line;
        List<Expression> entries = [];
        while (!_tokens.Current.Is("}"))
        {
            if (entries.Count > 0)
            {
                _tokens.Expect(",");
                if (_tokens.Current.Is("}"))
                {
                    break;
                }
            }

            entries.Add(_expressions.Parse());
            _tokens.Expect(":");
            entries.Add(_expressions.Parse());
        }

        _tokens.Expect("}");
        return new DictExpression(line, _nesting.Over(line, entries), entries);
    }

    /// <summary>Reads what follows an operand without a blank of rank: attributes, items, calls.</summary>
    public Expression Postfix(Expression node)
    {
        while (true)
        {
            if (_tokens.Current.Is(".") || _tokens.Current.Is("["))
            {
                node = _suffixes.Subscript(node);
            }
            else if (_tokens.Current.Is("("))
            {
                node = _suffixes.Call(node);
            }
            else
            {
                return node;
            }
        }
    }

    /// <summary>Reads filters and tests behind an operand.</summary>
    public Expression Filtered(Expression node)
    {
        while (true)
        {
            if (_tokens.SkipIf("|"))
            {
                node = _suffixes.Filters(node);
            }
            else if (_tokens.Current.IsName("is"))
            {
                node = _suffixes.Test(node);
            }
            else if (_tokens.Current.Is("("))
            {
                node = _suffixes.Call(node);
            }
            else
            {
                return node;
            }
        }
    }
}
