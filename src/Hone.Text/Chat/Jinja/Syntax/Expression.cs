namespace Hone.Text.Chat.Jinja;

/// <summary>A part of a template that has a value.</summary>
/// <param name="Line">The line it begins on.</param>
/// <param name="Height">How many expressions stand inside of each other in it, at most.</param>
internal abstract record Expression(int Line, int Height);

/// <summary>A number, a text, <c>true</c>, <c>none</c>.</summary>
internal sealed record ConstantExpression(int Line, Value Value) : Expression(Line, 1);

/// <summary>A variable.</summary>
internal sealed record NameExpression(int Line, string Name) : Expression(Line, 1);

/// <summary><c>(a, b)</c>.</summary>
internal sealed record TupleExpression(int Line, int Height, IReadOnlyList<Expression> Items)
    : Expression(Line, Height);

/// <summary><c>[a, b]</c>.</summary>
internal sealed record ListExpression(int Line, int Height, IReadOnlyList<Expression> Items)
    : Expression(Line, Height);

/// <summary><c>{a: b}</c>: keys and values by turns.</summary>
internal sealed record DictExpression(int Line, int Height, IReadOnlyList<Expression> Entries)
    : Expression(Line, Height);

/// <summary><c>a.b</c>.</summary>
internal sealed record AttributeExpression(int Line, int Height, Expression Target, string Name)
    : Expression(Line, Height);

/// <summary><c>a[b]</c>.</summary>
internal sealed record ItemExpression(int Line, int Height, Expression Target, Expression Key)
    : Expression(Line, Height);

/// <summary><c>a:b:c</c> between brackets.</summary>
internal sealed record SliceExpression(
    int Line, int Height, Expression? Start, Expression? Stop, Expression? Step) : Expression(Line, Height);

/// <summary><c>a(b)</c>.</summary>
internal sealed record CallExpression(int Line, int Height, Expression Target, CallArguments Arguments)
    : Expression(Line, Height);

/// <summary><c>a | name(b)</c>; without a target, the text of a block is filtered.</summary>
internal sealed record FilterExpression(
    int Line, int Height, Expression? Target, string Name, CallArguments Arguments) : Expression(Line, Height);

/// <summary><c>a is name(b)</c>.</summary>
internal sealed record TestExpression(
    int Line, int Height, Expression Target, string Name, CallArguments Arguments) : Expression(Line, Height);

/// <summary><c>not a</c>, <c>-a</c>, <c>+a</c>.</summary>
internal sealed record UnaryExpression(int Line, int Height, string Operator, Expression Operand)
    : Expression(Line, Height);

/// <summary>Arithmetic operators of one rank, from left to right.</summary>
internal sealed record ChainExpression(
    int Line, int Height, Expression First, IReadOnlyList<(string Operator, Expression Operand)> Rest)
    : Expression(Line, Height);

/// <summary>Comparisons, each between neighbours.</summary>
internal sealed record CompareExpression(
    int Line, int Height, Expression First, IReadOnlyList<(string Operator, Expression Operand)> Rest)
    : Expression(Line, Height);

/// <summary><c>a ~ b</c>.</summary>
internal sealed record ConcatExpression(int Line, int Height, IReadOnlyList<Expression> Parts)
    : Expression(Line, Height);

/// <summary><c>a and b</c>, or <c>a or b</c>.</summary>
internal sealed record LogicExpression(int Line, int Height, bool IsAnd, IReadOnlyList<Expression> Parts)
    : Expression(Line, Height);

/// <summary><c>then if test else otherwise</c>.</summary>
internal sealed record ConditionalExpression(
    int Line, int Height, Expression Test, Expression Then, Expression? Otherwise) : Expression(Line, Height);

/// <summary>What a call is given.</summary>
/// <param name="Positional">Arguments by place.</param>
/// <param name="Named">Arguments by name.</param>
/// <param name="Rest">After <c>*</c>: more by place.</param>
/// <param name="NamedRest">After <c>**</c>: more by name.</param>
internal sealed record CallArguments(
    IReadOnlyList<Expression> Positional,
    IReadOnlyList<(string Name, Expression Value)> Named,
    Expression? Rest,
    Expression? NamedRest)
{
    /// <summary>A call without arguments.</summary>
    public static CallArguments None { get; } = new([], [], null, null);

    /// <summary>All argument expressions, in order.</summary>
    public IEnumerable<Expression> All =>
    [
        .. Positional, .. Named.Select(named => named.Value), .. new[] { Rest, NamedRest }.OfType<Expression>(),
    ];
}

/// <summary><c>name.attribute</c> where a value may be given to it.</summary>
internal sealed record NamespaceExpression(int Line, string Name, string Attribute) : Expression(Line, 1);
