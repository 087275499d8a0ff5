namespace Hone.Text.Chat.Jinja;

/// <summary>Reads a template: text, and the statements that stand in tags.</summary>
internal sealed class StatementParser
{
    private readonly TokenStream _tokens;
    private readonly Nesting _nesting;
    private readonly ExpressionParser _expressions;
    private readonly HeadParser _heads;
    private readonly Stack<string> _tags = [];
    private readonly Stack<string[]> _ends = [];

    private StatementParser(string source, int depth)
    {
        _tokens = new TokenStream(new Lexer(source).Read());
        _nesting = new Nesting(depth);
        _expressions = new ExpressionParser(_tokens, _nesting);
        _heads = new HeadParser(_tokens, _expressions);
    }

    /// <summary>Reads a template.</summary>
    /// <exception cref="JinjaFault">It is not Jinja.</exception>
    public static IReadOnlyList<Statement> Parse(string source, int depth) => new StatementParser(source, depth).Body();

    private List<Statement> Body(params string[] ends)
    {
        List<Statement> body = [];
        List<Expression> output = [];
        if (ends is [_, ..])
        {
            _ends.Push(ends);
        }

        while (_tokens.Current is { Kind: not TokenKind.End } token)
        {
            switch (token.Kind)
            {
                case TokenKind.Data:
                    output.Add(new ConstantExpression(
                        token.Line, new TextValue(_tokens.Next().Text) { IsMarkup = true }));
                    break;
                case TokenKind.VariableBegin:
                    _tokens.Next();
                    output.Add(_expressions.ParseTuple());
                    _tokens.Expect(TokenKind.VariableEnd);
                    break;
                default:
                    Flush(output, body);
                    _tokens.Next();
                    if (_tokens.Current.Kind == TokenKind.Name && ends.Contains(_tokens.Current.Text))
                    {
                        _ends.Pop();
                        return body;
                    }

                    body.Add(Statement());
                    _tokens.Expect(TokenKind.BlockEnd);
                    break;
            }
        }

        Flush(output, body);
        if (ends is [_, ..])
        {
            throw Unfinished(null, _tokens.Current.Line);
        }

        return body;
    }

    private static void Flush(List<Expression> output, List<Statement> body)
    {
        if (output is [var first, ..])
        {
            body.Add(new OutputStatement(first.Line, [.. output]));
            output.Clear();
        }
    }

    /// <summary>Reads the body of a block up to the tag that ends it; a last one is taken too.</summary>
    private List<Statement> Block(bool takesEnd, params string[] ends)
    {
        _tokens.SkipIf(":");
        _tokens.Expect(TokenKind.BlockEnd);
        _nesting.Enter(_tokens.Current.Line);
        var body = Body(ends);
        _nesting.Leave();
        if (takesEnd)
        {
            _tokens.Next();
        }

        return body;
    }

    private Statement Statement()
    {
        var tag = _tokens.Current;
        if (tag.Kind != TokenKind.Name)
        {
            throw JinjaFault.Syntax("tag name expected", tag.Line);
        }

        _tags.Push(tag.Text);
        var statement = tag.Text switch
        {
            "for" => For(),
            "if" => If(),
            "set" => Set(),
            "macro" => Macro(),
            "call" => Call(),
            "with" => With(),
            "filter" => Filter(),
            "block" => NamedBlock(),
            "print" => _heads.Print(),
            "autoescape" => Autoescape(),
            "generation" => Generation(),
            "break" or "continue" => new JumpStatement(tag.Line, _tokens.Next().Text == "break"),
            "include" or "extends" or "import" or "from" => _heads.Load(),
            _ => Unknown(tag),
        };
        _tags.Pop();
        return statement;
    }

    private Statement Unknown(Token tag)
    {
        _tags.Pop();
        throw Unfinished(tag.Text, tag.Line);
    }

    private ForStatement For()
    {
        var line = _tokens.Next().Line;
        var target = _expressions.ParseTarget(end: "in");
        _tokens.ExpectName("in");
        var items = _expressions.ParseTuple(withConditional: false, end: "recursive");
        var test = _tokens.SkipIfName("if") ? _expressions.Parse() : null;
        var isRecursive = _tokens.SkipIfName("recursive");
        var body = Block(takesEnd: false, "endfor", "else");
        IReadOnlyList<Statement> otherwise = _tokens.Next().Text == "else" ? Block(takesEnd: true, "endfor") : [];
        return new ForStatement(line, target, items, body, otherwise, test, isRecursive);
    }

    private IfStatement If()
    {
        var line = _tokens.Next().Line;
        var (test, body) = Branch();
        List<IfStatement> elifs = [];
        while (true)
        {
            switch (_tokens.Next().Text)
            {
                case "elif":
                    var at = _tokens.Current.Line;
                    var (elifTest, elifBody) = Branch();
                    elifs.Add(new IfStatement(at, elifTest, elifBody, [], []));
                    break;
                case "else":
                    return new IfStatement(line, test, body, elifs, Block(takesEnd: true, "endif"));
                default:
                    return new IfStatement(line, test, body, elifs, []);
            }
        }
    }

    private (Expression Test, List<Statement> Body) Branch()
    {
        var test = _expressions.ParseTuple(withConditional: false);
        return (test, Block(takesEnd: false, "elif", "else", "endif"));
    }

    private Statement Set()
    {
        var line = _tokens.Next().Line;
        var target = _expressions.ParseTarget(withNamespace: true);
        if (_tokens.SkipIf("="))
        {
            return new SetStatement(line, target, _expressions.ParseTuple());
        }

        var filter = _tokens.SkipIf("|") ? _expressions.ParseFilters(null) : null;
        return new SetBlockStatement(line, target, filter, Block(takesEnd: true, "endset"));
    }

    private MacroStatement Macro()
    {
        var line = _tokens.Next().Line;
        var name = _tokens.Expect(TokenKind.Name).Text;
        var (parameters, defaults) = _heads.Signature();
        return new MacroStatement(line, name, parameters, defaults, Block(takesEnd: true, "endmacro"));
    }

    private CallStatement Call()
    {
        var line = _tokens.Next().Line;
        var (parameters, defaults) = _tokens.Current.Is("(") ? _heads.Signature() : ([], []);
        if (_expressions.Parse() is not CallExpression call)
        {
            throw JinjaFault.Syntax("expected call", line);
        }

        var body = Block(takesEnd: true, "endcall");
        return new CallStatement(line, call, new MacroStatement(line, null, parameters, defaults, body));
    }

    private WithStatement With()
    {
        var line = _tokens.Next().Line;
        List<AssignmentTarget> targets = [];
        List<Expression> values = [];
        while (_tokens.Current.Kind != TokenKind.BlockEnd)
        {
            if (targets.Count > 0)
            {
                _tokens.Expect(",");
            }

            targets.Add(_expressions.ParseTarget());
            _tokens.Expect("=");
            values.Add(_expressions.Parse());
        }

        return new WithStatement(line, targets, values, Block(takesEnd: true, "endwith"));
    }

    private FilterStatement Filter()
    {
        var line = _tokens.Next().Line;
        var filter = _expressions.ParseFilters(null);
        return new FilterStatement(line, filter, Block(takesEnd: true, "endfilter"));
    }

    private BlockStatement NamedBlock()
    {
        var line = _tokens.Next().Line;
        var name = _tokens.Expect(TokenKind.Name).Text;
        var isScoped = _tokens.SkipIfName("scoped");
        var isRequired = _tokens.SkipIfName("required");
        if (_tokens.Current.Is("-"))
        {
            throw JinjaFault.Syntax(
                "Block names in Jinja have to be valid Python identifiers and may not contain hyphens, "
                + "use an underscore instead.",
                _tokens.Current.Line);
        }

        var body = Block(takesEnd: true, "endblock");
        _tokens.SkipIfName(name);
        return new BlockStatement(line, name, isScoped, isRequired, body);
    }

    private AutoescapeStatement Autoescape()
    {
        var line = _tokens.Next().Line;
        var value = _expressions.Parse();
        return new AutoescapeStatement(line, value, Block(takesEnd: true, "endautoescape"));
    }

    private GenerationStatement Generation()
    {
        var line = _tokens.Next().Line;
        return new GenerationStatement(
            line, new MacroStatement(line, null, [], [], Block(takesEnd: true, "endgeneration")));
    }

    /// <summary>The fault of a tag that has no place, or of an end that came too early.</summary>
    private JinjaFault Unfinished(string? tag, int line)
    {
        List<string> message =
            [tag is null ? "Unexpected end of template." : $"Encountered unknown tag {PythonText.Quote(tag)}."];
        if (_ends.TryPeek(out var ends))
        {
            var wanted = string.Join(" or ", ends.Select(PythonText.Quote));
            message.Add(tag is not null && _ends.Any(one => one.Contains(tag))
                ? "You probably made a nesting mistake. Jinja is expecting this tag, "
                    + $"but currently looking for {wanted}."
                : $"Jinja was looking for the following tags: {wanted}.");
        }

        if (_tags.TryPeek(out var open))
        {
            message.Add($"The innermost block that needs to be closed is {PythonText.Quote(open)}.");
        }

        return JinjaFault.Syntax(string.Join(' ', message), line);
    }
}
