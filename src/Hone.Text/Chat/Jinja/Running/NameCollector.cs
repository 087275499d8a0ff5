namespace Hone.Text.Chat.Jinja;

/// <summary>Finds the names that statements use and set, for <see cref="Scope"/>.</summary>
internal static class NameCollector
{
    /// <summary>Reads statements that run in a scope; loops, macros and blocks in them have scopes of their
    /// own.</summary>
    public static void Read(Scope scope, IEnumerable<Statement> statements)
    {
        foreach (var statement in statements)
        {
            Read(scope, statement);
        }
    }

    /// <summary>Reads the names that an expression uses.</summary>
    public static void Read(Scope scope, params IEnumerable<Expression?> expressions)
    {
        foreach (var name in expressions.SelectMany(NameWalk.Of))
        {
            scope.Load(name);
        }
    }

    /// <summary>Reads a target that is given values.</summary>
    public static void ReadTarget(Scope scope, AssignmentTarget target, bool isParameter = false)
    {
        switch (target)
        {
            case NameTarget name when isParameter:
                scope.Declare(name.Name);
                break;
            case NameTarget name:
                scope.Store(name.Name);
                break;
            case NamespaceTarget name:
                scope.Load(name.Name);
                break;
            case TupleTarget tuple:
                foreach (var item in tuple.Items)
                {
                    ReadTarget(scope, item, isParameter);
                }

                break;
        }
    }

    private static void Read(Scope scope, Statement statement)
    {
        Read(scope, Computed(statement));
        switch (statement)
        {
            case IfStatement branch:
                ReadBranches(scope, branch);
                break;
            case SetStatement set:
                ReadTarget(scope, set.Target);
                break;
            case SetBlockStatement set:
                ReadTarget(scope, set.Target);
                break;
            case MacroStatement macro:
                scope.Store(macro.Name!);
                break;
            case LoadStatement load:
                foreach (var name in load.Names)
                {
                    scope.Store(name);
                }

                break;
        }
    }

    /// <summary>The expressions of a statement that are computed in the scope that it stands in.</summary>
    private static IReadOnlyList<Expression?> Computed(Statement statement) => statement switch
    {
        OutputStatement output => output.Parts,
        IfStatement branch => [branch.Test],
        ForStatement loop => [loop.Items],
        SetStatement set => [set.Value],
        CallStatement call => [call.Call],
        FilterStatement filter => [filter.Filter],
        WithStatement with => with.Values,
        AutoescapeStatement autoescape => [autoescape.Value],
        LoadStatement load => [load.Template],
        _ => [],
    };

    private static void ReadBranches(Scope scope, IfStatement branch)
    {
        var (body, elifs, otherwise) = (scope.Branch(), scope.Branch(), scope.Branch());
        Read(body, branch.Body);
        Read(elifs, branch.Elifs);
        Read(otherwise, branch.Otherwise);
        scope.Merge([body, elifs, otherwise]);
    }
}
