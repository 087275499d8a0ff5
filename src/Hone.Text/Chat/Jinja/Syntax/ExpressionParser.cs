namespace Hone.Text.Chat.Jinja;

/// <summary>Reads expressions. The ranks of operators are Jinja's: <c>**</c> goes from left to right, and a sign binds
/// tighter than it.</summary>
internal sealed class ExpressionParser
{
    private static readonly string[] Comparisons = ["==", "!=", "<", "<=", ">", ">="];

    private readonly TokenStream _tokens;
    private readonly Nesting _nesting;
    private readonly OperandParser _operands;

    /// <summary>Reads from <paramref name="tokens"/>.</summary>
    public ExpressionParser(TokenStream tokens, Nesting nesting)
    {
        (_tokens, _nesting) = (tokens, nesting);
        _operands = new OperandParser(tokens, nesting, this);
    }

    /// <summary>Reads an expression.</summary>
    /// <param name="withConditional">Whether <c>a if b else c</c> is one.</param>
    public Expression Parse(bool withConditional = true)
    {
        _nesting.Enter(_tokens.Current.Line);
        var expression = withConditional ? Conditional() : Or();
        _nesting.Leave();
        return expression;
    }

    /// <summary>Reads an expression, or several with commas between them, which make a tuple.</summary>
    /// <param name="withConditional">Whether <c>a if b else c</c> is an expression.</param>
    /// <param name="end">A name that ends the tuple.</param>
    /// <param name="mayBeEmpty">Whether nothing is a tuple too.</param>
    public Expression ParseTuple(bool withConditional = true, string? end = null, bool mayBeEmpty = false) =>
        Tuple(() => Parse(withConditional), end, mayBeEmpty);

    /// <summary>Reads what a value can be given to.</summary>
    /// <param name="end">A name that ends it.</param>
    /// <param name="withNamespace">Whether an attribute of a namespace can be meant.</param>
    public AssignmentTarget ParseTarget(string? end = null, bool withNamespace = false) =>
        AssignmentTargets.Of(Tuple(() => _operands.Primary(withNamespace), end, mayBeEmpty: false));

    /// <summary>Reads <c>name(arguments)</c>, and more of them behind <c>|</c>, after the first <c>|</c>.</summary>
    public FilterExpression ParseFilters(Expression? target) => _operands.Filters(target);

    private Expression Tuple(Func<Expression> item, string? end, bool mayBeEmpty)
    {
        var line = _tokens.Current.Line;
        List<Expression> items = [];
        var isTuple = false;
        while (true)
        {
            if (items.Count > 0)
            {
                _tokens.Expect(",");
            }

            if (IsTupleEnd(end))
            {
                break;
            }

            items.Add(item());
            if (!_tokens.Current.Is(","))
            {
                break;
            }

            isTuple = true;
            line = _tokens.Current.Line;
        }

        if (!isTuple && items is [var only])
        {
            return only;
        }

        return isTuple || mayBeEmpty
            ? new TupleExpression(line, _nesting.Over(line, items), items)
            : throw JinjaFault.Syntax(
                $"Expected an expression, got {PythonText.Quote(_tokens.Current.Description)}", _tokens.Current.Line);
    }

    private bool IsTupleEnd(string? end) =>
        _tokens.Current.Kind is TokenKind.VariableEnd or TokenKind.BlockEnd || _tokens.Current.Is(")")
        || (end is not null && _tokens.Current.IsName(end));

    private Expression Conditional()
    {
        var line = _tokens.Current.Line;
        var value = Or();
        while (_tokens.SkipIfName("if"))
        {
            var test = Or();
            var otherwise = _tokens.SkipIfName("else") ? Parse() : null;
            value = new ConditionalExpression(
                line, _nesting.Over(line, value, test, otherwise), test, value, otherwise);
            line = _tokens.Current.Line;
        }

        return value;
    }

    private Expression Or() => Logic("or", And);

    private Expression And() => Logic("and", Not);

    private Expression Logic(string name, Func<Expression> part)
    {
        var line = _tokens.Current.Line;
        var first = part();
        if (!_tokens.Current.IsName(name))
        {
            return first;
        }

        List<Expression> parts = [first];
        while (_tokens.SkipIfName(name))
        {
            parts.Add(part());
        }

        return new LogicExpression(line, _nesting.Over(line, parts), name == "and", parts);
    }

    private Expression Not()
    {
        var line = _tokens.Current.Line;
        if (!_tokens.SkipIfName("not"))
        {
            return Compare();
        }

        _nesting.Enter(line);
        var operand = Not();
        _nesting.Leave();
        return new UnaryExpression(line, _nesting.Over(line, operand), "not", operand);
    }

    private Expression Compare()
    {
        var line = _tokens.Current.Line;
        var first = Sum();
        List<(string, Expression)> rest = [];
        while (true)
        {
            if (_tokens.Current.Kind == TokenKind.Operator && Comparisons.Contains(_tokens.Current.Text))
            {
                rest.Add((_tokens.Next().Text, Sum()));
            }
            else if (_tokens.SkipIfName("in"))
            {
                rest.Add(("in", Sum()));
            }
            else if (_tokens.Current.IsName("not") && _tokens.Look().IsName("in"))
            {
                _tokens.Next();
                _tokens.Next();
                rest.Add(("not in", Sum()));
            }
            else
            {
                return rest is []
                    ? first
                    : new CompareExpression(
                        line, _nesting.Over(line, [first, .. rest.Select(one => one.Item2)]), first, rest);
            }
        }
    }

    private Expression Sum() => Chain(Concat, "+", "-");

    private Expression Concat()
    {
        var line = _tokens.Current.Line;
        var first = Product();
        if (!_tokens.Current.Is("~"))
        {
            return first;
        }

        List<Expression> parts = [first];
        while (_tokens.SkipIf("~"))
        {
            parts.Add(Product());
        }

        return new ConcatExpression(line, _nesting.Over(line, parts), parts);
    }

    private Expression Product() => Chain(Power, "*", "/", "//", "%");

    private Expression Power() => Chain(() => Unary(), "**");

    private Expression Chain(Func<Expression> operand, params string[] operators)
    {
        var line = _tokens.Current.Line;
        var first = operand();
        List<(string, Expression)> rest = [];
        while (_tokens.Current.Kind == TokenKind.Operator && operators.Contains(_tokens.Current.Text))
        {
            rest.Add((_tokens.Next().Text, operand()));
        }

        return rest is []
            ? first
            : new ChainExpression(line, _nesting.Over(line, [first, .. rest.Select(one => one.Item2)]), first, rest);
    }

    private Expression Unary(bool withFilter = true)
    {
        var (line, sign) = (_tokens.Current.Line, _tokens.Current.Text);
        Expression node;
        if (_tokens.Current.Is("-") || _tokens.Current.Is("+"))
        {
            _tokens.Next();
            _nesting.Enter(line);
            var operand = Unary(withFilter: false);
            _nesting.Leave();
            node = new UnaryExpression(line, _nesting.Over(line, operand), sign, operand);
        }
        else
        {
            node = _operands.Primary(withNamespace: false);
        }

        node = _operands.Postfix(node);
        return withFilter ? _operands.Filtered(node) : node;
    }
}
