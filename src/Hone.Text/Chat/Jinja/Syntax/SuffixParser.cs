namespace Hone.Text.Chat.Jinja;

/// <summary>Reads what hangs on an operand: attributes, items, calls, filters, tests.</summary>
internal sealed class SuffixParser(
    TokenStream tokens, Nesting nesting, ExpressionParser expressions, OperandParser operands)
{
    /// <summary>Reads <c>name(arguments)</c>, and more of them behind <c>|</c>, after the first <c>|</c>.</summary>
    public FilterExpression Filters(Expression? target)
    {
        while (true)
        {
            var line = tokens.Current.Line;
            var name = DottedName();
            var arguments = tokens.Current.Is("(") ? Arguments() : CallArguments.None;
            var height = nesting.Over(line, [target, .. arguments.All]);
            var filter = new FilterExpression(line, height, target, name, arguments);
            if (!tokens.SkipIf("|"))
            {
                return filter;
            }

            target = filter;
        }
    }

    /// <summary>Reads the arguments of a call.</summary>
    public CallExpression Call(Expression node)
    {
        var line = tokens.Current.Line;
        var arguments = Arguments();
        return new CallExpression(line, nesting.Over(line, [node, .. arguments.All]), node, arguments);
    }

    /// <summary>Reads <c>.name</c> or <c>[key]</c>.</summary>
    public Expression Subscript(Expression node)
    {
        var open = tokens.Next();
        if (open.Text == ".")
        {
            var name = tokens.Next();
            return name.Kind switch
            {
                TokenKind.Name => new AttributeExpression(open.Line, nesting.Over(open.Line, node), node, name.Text),
                TokenKind.Integer => new ItemExpression(
                    open.Line, nesting.Over(open.Line, node), node, new ConstantExpression(name.Line, name.Number!)),
                _ => throw JinjaFault.Syntax("expected name or number", name.Line),
            };
        }

        List<Expression> keys = [];
        while (!tokens.Current.Is("]"))
        {
            if (keys.Count > 0)
            {
                tokens.Expect(",");
            }

            keys.Add(Subscribed());
        }

        tokens.Expect("]");
        var key = keys is [var only]
            ? only
            : new TupleExpression(open.Line, nesting.Over(open.Line, keys), keys);
        return new ItemExpression(open.Line, nesting.Over(open.Line, node, key), node, key);
    }

    /// <summary>Reads <c>is name(arguments)</c>.</summary>
    public Expression Test(Expression node)
    {
        var line = tokens.ExpectName("is").Line;
        var isNegated = tokens.SkipIfName("not");
        var name = DottedName();
        var arguments = CallArguments.None;
        if (tokens.Current.Is("("))
        {
            arguments = Arguments();
        }
        else if (BeginsArgument())
        {
            if (tokens.Current.IsName("is"))
            {
                throw JinjaFault.Syntax("You cannot chain multiple tests with is", tokens.Current.Line);
            }

            var argument = operands.Postfix(operands.Primary(withNamespace: false));
            arguments = CallArguments.None with { Positional = [argument] };
        }

        var test = new TestExpression(line, nesting.Over(line, [node, .. arguments.All]), node, name, arguments);
        return isNegated ? new UnaryExpression(line, nesting.Over(line, test), "not", test) : test;
    }

    private Expression Subscribed()
    {
        var line = tokens.Current.Line;
        Expression? start = null;
        if (!tokens.SkipIf(":"))
        {
            start = expressions.Parse();
            if (!tokens.SkipIf(":"))
            {
                return start;
            }
        }

        var stop = IsSliceEnd() ? null : expressions.Parse();
        var step = tokens.SkipIf(":") && !IsSliceEnd() ? expressions.Parse() : null;
        return new SliceExpression(line, nesting.Over(line, start, stop, step), start, stop, step);
    }

    private bool IsSliceEnd() => tokens.Current.Is(":") || tokens.Current.Is("]") || tokens.Current.Is(",");

    private CallArguments Arguments()
    {
        var line = tokens.Expect("(").Line;
        List<Expression> positional = [];
        List<(string, Expression)> named = [];
        Expression? rest = null;
        Expression? namedRest = null;
        var isFirst = true;
        while (!tokens.Current.Is(")"))
        {
            if (!isFirst)
            {
                tokens.Expect(",");
                if (tokens.Current.Is(")"))
                {
                    break;
                }
            }

            isFirst = false;
            var fits = namedRest is null;
            if (tokens.SkipIf("*"))
            {
                fits &= rest is null;
                Ensure(fits, line);
                rest = expressions.Parse();
            }
            else if (tokens.SkipIf("**"))
            {
                Ensure(fits, line);
                namedRest = expressions.Parse();
            }
            else if (tokens.Current.Kind == TokenKind.Name && tokens.Look().Is("="))
            {
                Ensure(fits, line);
                var name = tokens.Next().Text;
                tokens.Next();
                named.Add((name, expressions.Parse()));
            }
            else
            {
                Ensure(fits && rest is null && named is [], line);
                positional.Add(expressions.Parse());
            }
        }

        tokens.Expect(")");
        return new CallArguments(positional, named, rest, namedRest);
    }

    private static void Ensure(bool fits, int line)
    {
        if (!fits)
        {
            throw JinjaFault.Syntax("invalid syntax for function call expression", line);
        }
    }

    private bool BeginsArgument() => tokens.Current.Kind switch
    {
        TokenKind.Name => tokens.Current.Text is not ("else" or "or" or "and"),
        TokenKind.String or TokenKind.Integer or TokenKind.Float => true,
        _ => tokens.Current.Is("[") || tokens.Current.Is("{"),
    };

    private string DottedName()
    {
        List<string> names = [tokens.Expect(TokenKind.Name).Text];
        while (tokens.SkipIf("."))
        {
            names.Add(tokens.Expect(TokenKind.Name).Text);
        }

        return string.Join('.', names);
    }
}
