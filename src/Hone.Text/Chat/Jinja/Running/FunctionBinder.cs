namespace Hone.Text.Chat.Jinja;

/// <summary>A template as functions: one for itself, one for each of its blocks.</summary>
internal sealed class FunctionBinder
{
    private readonly Func<Context, OutputBuffer, Flow> _whole;

    /// <summary>Binds a template.</summary>
    /// <exception cref="JinjaFault">It names what does not exist.</exception>
    public FunctionBinder(IReadOnlyList<Statement> statements)
    {
        Dictionary<string, BlockStatement> blocks = [];
        foreach (var block in NameWalk.Blocks(statements))
        {
            if (!blocks.TryAdd(block.Name, block))
            {
                throw JinjaFault.Assertion($"block {PythonText.Quote(block.Name)} defined twice", block.Line);
            }
        }

        var late = new FunctionScope(null);
        _whole = Bind(statements, new StatementPlace(IsTop: blocks.Count > 0, IsInLoop: false, IsSoft: false), late);
        Blocks = blocks.ToDictionary(
            block => block.Key, block => Bind(block.Value.Body, default, late), StringComparer.Ordinal);
        late.ThrowLate();
    }

    /// <summary>The blocks, by name.</summary>
    public IReadOnlyDictionary<string, Func<Context, OutputBuffer, Flow>> Blocks { get; }

    /// <summary>Executes the template.</summary>
    public void Execute(Context context, OutputBuffer output) => _whole(context, output);

    private static Func<Context, OutputBuffer, Flow> Bind(
        IReadOnlyList<Statement> statements, StatementPlace place, FunctionScope outer)
    {
        var function = new FunctionScope(outer);
        var scope = new Scope(function, null);
        var self = NameWalk.Uses(statements, "self") ? scope.Writer(scope.Declare("self")) : null;
        NameCollector.Read(scope, statements);
        var (enter, body) = (scope.Entry(), new StatementBinder(scope, place).Bind(statements));
        return (context, output) =>
        {
            var frame = new Frame(context, function.Slots, null, output);
            self?.Invoke(frame, new SelfValue(context));
            enter(frame);
            return body(frame);
        };
    }
}
