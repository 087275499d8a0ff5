namespace Hone.Text.Chat.Jinja;

/// <summary>Tells which expressions a value can be given to.</summary>
internal static class AssignmentTargets
{
    /// <summary>The target that an expression spells.</summary>
    /// <exception cref="JinjaFault">Nothing can be given to it.</exception>
    public static AssignmentTarget Of(Expression expression) => expression switch
    {
        NameExpression name => new NameTarget(name.Line, name.Name),
        NamespaceExpression name => new NamespaceTarget(name.Line, name.Name, name.Attribute),
        TupleExpression tuple when tuple.Items.All(CanBeAssigned) =>
            new TupleTarget(tuple.Line, [.. tuple.Items.Select(Of)]),
        _ => throw JinjaFault.Syntax($"can't assign to '{KindOf(expression)}'", expression.Line),
    };

    private static bool CanBeAssigned(Expression expression) => expression switch
    {
        NameExpression or NamespaceExpression => true,
        TupleExpression tuple => tuple.Items.All(CanBeAssigned),
        _ => false,
    };

    private static string KindOf(Expression expression) => expression switch
    {
        ConstantExpression => "const",
        AttributeExpression => "getattr",
        ItemExpression => "getitem",
        ConditionalExpression => "condexpr",
        UnaryExpression { Operator: "-" } => "neg",
        UnaryExpression { Operator: "+" } => "pos",
        UnaryExpression => "not",
        LogicExpression { IsAnd: true } => "and",
        LogicExpression => "or",
        ChainExpression chain => chain.Rest[^1].Operator switch
        {
            "+" => "add",
            "-" => "sub",
            "*" => "mul",
            "/" => "div",
            "//" => "floordiv",
            "%" => "mod",
            _ => "pow",
        },
        _ => expression.GetType().Name.Replace("Expression", "", StringComparison.Ordinal).ToLowerInvariant(),
    };
}
