namespace Hone.Text.Chat.Jinja;

/// <summary>Turns blocks into functions that execute them.</summary>
/// <param name="scope">The names that they see.</param>
/// <param name="place">Where they stand.</param>
internal sealed class BlockBinder(Scope scope, StatementPlace place)
{
    private readonly ExpressionBinder _expressions = new(scope, place.IsSoft);

    /// <summary>Binds a block whose text is given to a target.</summary>
    public Execution Set(SetBlockStatement set, Assignment assign) => Captured(set.Body, set.Filter, assign);

    /// <summary>Binds a block whose text is filtered.</summary>
    public Execution Filter(FilterStatement filter) => Captured(filter.Body, filter.Filter, StatementBinder.Write);

    /// <summary>Takes the text that statements write, with a scope of their own.</summary>
    private Execution Captured(IReadOnlyList<Statement> body, FilterExpression? filter, Assignment use)
    {
        const string Hidden = "";
        var inner = new Scope(scope.Function, scope);
        var captured = inner.Declare(Hidden);
        NameCollector.Read(inner, body);
        NameCollector.Read(inner, filter);
        var (write, read) = (inner.Writer(captured), inner.Reader(captured));
        var (enter, execute) = (inner.Entry(), new StatementBinder(inner, place.Inside()).Bind(body));
        var value = filter is null
            ? frame => read(frame)!
            : new ExpressionBinder(inner, isSoft: false).FilterOver(filter, frame => read(frame)!);
        return frame =>
        {
            var outer = frame.Output;
            frame.Output = new OutputBuffer(frame.Run.Budget);
            enter(frame);
            var flow = execute(frame);
            write(frame, frame.Output.ToValue(frame.Run.Escapes));
            frame.Output = outer;
            if (flow == Flow.Next)
            {
                use(frame, value(frame));
            }

            return flow;
        };
    }

    /// <summary>Binds the call of a macro that is given a block.</summary>
    public Execution Call(CallStatement call)
    {
        var caller = new MacroBinder(scope).Bind(call.Caller);
        var target = _expressions.Bind(call.Call.Target);
        var arguments = _expressions.Arguments(call.Call.Arguments, call.Line);
        return frame =>
        {
            var block = caller(frame);
            var function = target(frame);
            var given = arguments(frame);
            given = given with { Named = [.. given.Named, KeyValuePair.Create<string, Value>("caller", block)] };
            StatementBinder.Write(frame, function.Call(given, frame.Run));
            return Flow.Next;
        };
    }

    /// <summary>Binds a block in which texts are escaped for HTML, or not.</summary>
    public Execution Autoescape(AutoescapeStatement autoescape)
    {
        var inner = new Scope(scope.Function, scope);
        NameCollector.Read(inner, autoescape.Value);
        NameCollector.Read(inner, autoescape.Body);
        var binder = new StatementBinder(inner, place.Inside());
        var value = new ExpressionBinder(inner, isSoft: false).Bind(autoescape.Value);
        var (enter, body) = (inner.Entry(), binder.Bind(autoescape.Body));
        return frame =>
        {
            var before = frame.Run.Escapes;
            enter(frame);
            frame.Run.Escapes = value(frame).IsTrue;
            var flow = body(frame);
            frame.Run.Escapes = before;
            return flow;
        };
    }

    /// <summary>Binds a block that the model is to produce.</summary>
    public Execution Generation(GenerationStatement generation)
    {
        var body = new MacroBinder(scope).BindBody(generation.Body);
        return frame =>
        {
            var start = frame.Output.Length;
            body(frame, frame.Output);
            frame.Output.MarkGenerated(start, frame.Output.Length);
            return Flow.Next;
        };
    }

    /// <summary>Binds a block that has a name.</summary>
    public Execution Named(BlockStatement block) => frame =>
    {
        if (block.IsRequired)
        {
            throw new JinjaFault("TemplateRuntimeError", $"Required block {PythonText.Quote(block.Name)} not found");
        }

        var context = block.IsScoped
            ? frame.Context.With(scope.Stores().Select(one => (one.Name, scope.Reader(one.Variable)(frame))))
            : frame.Context;
        return frame.Run.Blocks[block.Name](context, frame.Output);
    };
}
