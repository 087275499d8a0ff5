namespace Hone.Text.Chat.Jinja;

/// <summary>Goes through the names of a tree, in the order of its text.</summary>
internal static class NameWalk
{
    /// <summary>The names that an expression uses.</summary>
    public static IEnumerable<string> Of(Expression? expression)
    {
        if (expression is NameExpression name)
        {
            yield return name.Name;
        }

        foreach (var inner in Parts(expression).SelectMany(Of))
        {
            yield return inner;
        }
    }

    /// <summary>Whether statements use a name that none of them has set before.</summary>
    public static bool Uses(IEnumerable<Statement> statements, string wanted) => First(statements, wanted) ?? false;

    /// <summary>Whether statements give a value to a name, at any depth.</summary>
    public static int? LineThatSets(IEnumerable<Statement> statements, string wanted) => statements
        .Select(statement => statement switch
        {
            SetStatement set when Names(set.Target).Contains(wanted) => set.Line,
            SetBlockStatement set when Names(set.Target).Contains(wanted) => set.Line,
            ForStatement loop when Names(loop.Target).Contains(wanted) => loop.Line,
            _ => LineThatSets(Inside(statement), wanted),
        })
        .FirstOrDefault(line => line is not null);

    /// <summary>The names in a target.</summary>
    public static IEnumerable<string> Names(AssignmentTarget target) => target switch
    {
        NameTarget name => [name.Name],
        TupleTarget tuple => tuple.Items.SelectMany(Names),
        _ => [],
    };

    /// <summary>The namespaces in a target.</summary>
    public static IEnumerable<string> Spaces(AssignmentTarget target) => target switch
    {
        NamespaceTarget name => [name.Name],
        TupleTarget tuple => tuple.Items.SelectMany(Spaces),
        _ => [],
    };

    /// <summary>All blocks, at any depth.</summary>
    public static IEnumerable<BlockStatement> Blocks(IEnumerable<Statement> statements) => statements.SelectMany(
        statement => statement is BlockStatement block
            ? Blocks(block.Body).Prepend(block)
            : Blocks(Inside(statement)));

    /// <summary>Whether a scoped block stands anywhere.</summary>
    public static bool HasScopedBlock(IEnumerable<Statement> statements) => statements.Any(
        statement => statement is BlockStatement { IsScoped: true } || HasScopedBlock(Inside(statement)));

    /// <summary>Whether a block <c>generation</c> stands anywhere.</summary>
    public static bool HasGeneration(IEnumerable<Statement> statements) => statements.Any(
        statement => statement is GenerationStatement || HasGeneration(Inside(statement)));

    /// <summary>How many expressions an expression is made of.</summary>
    public static int SizeOf(Expression? expression) =>
        expression is null ? 0 : 1 + Parts(expression).Sum(SizeOf);

    private static IEnumerable<Statement> Inside(Statement statement) => statement switch
    {
        ForStatement loop => [.. loop.Body, .. loop.Otherwise],
        IfStatement branch => [.. branch.Body, .. branch.Elifs, .. branch.Otherwise],
        WithStatement with => with.Body,
        SetBlockStatement set => set.Body,
        MacroStatement macro => macro.Body,
        CallStatement call => call.Caller.Body,
        FilterStatement filter => filter.Body,
        AutoescapeStatement autoescape => autoescape.Body,
        GenerationStatement generation => generation.Body.Body,
        BlockStatement block => block.Body,
        _ => [],
    };

    /// <summary>Whether a name is used (true) or set (false) first; null where it does neither.</summary>
    private static bool? First(IEnumerable<Statement> statements, string wanted)
    {
        foreach (var statement in statements)
        {
            if (First(statement, wanted) is { } found)
            {
                return found;
            }
        }

        return null;
    }

    private static bool? First(Statement statement, string wanted) => statement switch
    {
        OutputStatement output => Use([.. output.Parts], wanted),
        ForStatement loop => Set(loop.Target, wanted) ?? Use([loop.Items], wanted) ?? First(loop.Body, wanted)
            ?? First(loop.Otherwise, wanted) ?? Use([loop.Test], wanted),
        IfStatement branch => Use([branch.Test], wanted) ?? First(branch.Body, wanted) ?? First(branch.Elifs, wanted)
            ?? First(branch.Otherwise, wanted),
        WithStatement with => Set(new TupleTarget(with.Line, with.Targets), wanted) ?? Use([.. with.Values], wanted)
            ?? First(with.Body, wanted),
        SetStatement set => Set(set.Target, wanted) ?? Use([set.Value], wanted),
        SetBlockStatement set => Set(set.Target, wanted) ?? Use([set.Filter], wanted) ?? First(set.Body, wanted),
        MacroStatement macro => macro.Parameters.Contains(wanted)
            ? false
            : Use([.. macro.Defaults], wanted) ?? First(macro.Body, wanted),
        CallStatement call => Use([call.Call], wanted) ?? First(call.Caller, wanted),
        FilterStatement filter => First(filter.Body, wanted) ?? Use([filter.Filter], wanted),
        AutoescapeStatement autoescape => Use([autoescape.Value], wanted) ?? First(autoescape.Body, wanted),
        GenerationStatement generation => First(generation.Body, wanted),
        LoadStatement load => Use([load.Template], wanted),
        _ => null,
    };

    private static bool? Use(Expression?[] expressions, string wanted) =>
        Array.Exists(expressions, expression => Uses(expression, wanted)) ? true : null;

    private static bool Uses(Expression? expression, string wanted) =>
        expression is NameExpression name
            ? name.Name == wanted
            : Array.Exists(Parts(expression), part => Uses(part, wanted));

    private static bool? Set(AssignmentTarget target, string wanted) => Names(target).Contains(wanted) ? false : null;

    private static Expression?[] Parts(Expression? expression) => expression switch
    {
        TupleExpression tuple => [.. tuple.Items],
        ListExpression list => [.. list.Items],
        DictExpression dict => [.. dict.Entries],
        AttributeExpression attribute => [attribute.Target],
        ItemExpression item => [item.Target, item.Key],
        SliceExpression slice => [slice.Start, slice.Stop, slice.Step],
        CallExpression call => [call.Target, .. call.Arguments.All],
        FilterExpression filter => [filter.Target, .. filter.Arguments.All],
        TestExpression test => [test.Target, .. test.Arguments.All],
        UnaryExpression unary => [unary.Operand],
        ChainExpression chain => [chain.First, .. chain.Rest.Select(one => one.Operand)],
        CompareExpression compare => [compare.First, .. compare.Rest.Select(one => one.Operand)],
        ConcatExpression concat => [.. concat.Parts],
        LogicExpression logic => [.. logic.Parts],
        ConditionalExpression conditional => [conditional.Test, conditional.Then, conditional.Otherwise],
        _ => [],
    };
}
