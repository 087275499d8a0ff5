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
        switch (statement)
        {
            case OutputStatement output:
                Read(scope, output.Parts);
                break;
            case IfStatement branch:
                ReadIf(scope, branch);
                break;
            case ForStatement loop:
                Read(scope, loop.Items);
                break;
            case SetStatement set:
                Read(scope, set.Value);
                ReadTarget(scope, set.Target);
                break;
            case SetBlockStatement set:
                ReadTarget(scope, set.Target);
                break;
            case MacroStatement macro:
                scope.Store(macro.Name!);
                break;
            case CallStatement call:
                Read(scope, call.Call);
                break;
            case FilterStatement filter:
                Read(scope, filter.Filter);
                break;
            case WithStatement with:
                Read(scope, with.Values);
                break;
            case AutoescapeStatement autoescape:
                Read(scope, autoescape.Value);
                break;
            case LoadStatement load:
                Read(scope, load.Template);
                foreach (var name in load.Names)
                {
                    scope.Store(name);
                }

                break;
        }
    }

    private static void ReadIf(Scope scope, IfStatement branch)
    {
        Read(scope, branch.Test);
        var (body, elifs, otherwise) = (scope.Branch(), scope.Branch(), scope.Branch());
        Read(body, branch.Body);
        Read(elifs, branch.Elifs);
        Read(otherwise, branch.Otherwise);
        scope.Merge([body, elifs, otherwise]);
    }
}
