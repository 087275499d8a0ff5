namespace Hone.Text.Chat.Jinja;

/// <summary>Turns macros, and the bodies of call blocks, into values that can be called.</summary>
/// <param name="outer">The names around the macro.</param>
internal sealed class MacroBinder(Scope outer)
{
    private static readonly string[] Special = ["caller", "kwargs", "varargs"];

    /// <summary>Binds a macro. The value remembers the variables around it, not what they are now.</summary>
    public Func<Frame, MacroValue> Bind(MacroStatement macro)
    {
        if (macro.Parameters.Distinct().Count() < macro.Parameters.Count)
        {
            outer.Function.FailLate(
                new JinjaFault("SyntaxError", "duplicate argument in function definition", macro.Line));
        }

        var function = new FunctionScope(outer.Function);
        var scope = new Scope(function, outer);
        var parameters = macro.Parameters
            .Select(name => (Name: name, Write: scope.Writer(scope.Declare(name)))).ToArray();
        var special = Special
            .Where(name => NameWalk.Uses(macro.Body, name))
            .Where(name => !macro.Parameters.Contains(name) || name == "caller").ToHashSet();
        if (special.Contains("caller") && macro.Parameters.ToList().IndexOf("caller") is >= 0 and var explicitly
            && explicitly < macro.Parameters.Count - macro.Defaults.Count)
        {
            throw JinjaFault.Assertion(
                "When defining macros or call blocks the special \"caller\" argument must be omitted or be given a "
                + "default.",
                macro.Line);
        }

        var writers = special.Where(name => !macro.Parameters.Contains(name))
            .ToDictionary(name => name, name => scope.Writer(scope.Declare(name)));
        NameCollector.Read(scope, macro.Defaults);
        NameCollector.Read(scope, macro.Body);
        var defaults = macro.Defaults.Select(new ExpressionBinder(scope, isSoft: false).Bind).ToArray();
        var (enter, body) = (scope.Entry(), new StatementBinder(scope, default).Bind(macro.Body));
        var shape = new MacroShape(macro.Name, [.. macro.Parameters], special);
        return frame => new MacroValue(shape, (given, run) =>
        {
            var inner = new Frame(frame.Context, function.Slots, frame, new OutputBuffer(run.Budget));
            enter(inner);
            foreach (var (name, write) in writers)
            {
                write(inner, given.Special[name]);
            }

            SetParameters(inner, parameters, defaults, given.Values);
            body(inner);
            return inner.Output.ToValue(run.Escapes);
        });
    }

    /// <summary>Binds a body that is executed in place, with variables of its own.</summary>
    public Action<Frame, OutputBuffer> BindBody(MacroStatement block)
    {
        var function = new FunctionScope(outer.Function);
        var scope = new Scope(function, outer);
        var special = Special.Where(name => NameWalk.Uses(block.Body, name))
            .Select(name => (Name: name, Write: scope.Writer(scope.Declare(name)))).ToArray();
        NameCollector.Read(scope, block.Body);
        var (enter, body) = (scope.Entry(), new StatementBinder(scope, default).Bind(block.Body));
        return (frame, output) =>
        {
            var inner = new Frame(frame.Context, function.Slots, frame, output);
            enter(inner);
            foreach (var (name, write) in special)
            {
                write(inner, name switch
                {
                    "caller" => new UndefinedValue(() => "No caller defined"),
                    "kwargs" => new DictValue(DictValue.NewEntries(frame.Run)),
                    _ => new TupleValue([]),
                });
            }

            body(inner);
        };
    }

    private static void SetParameters(
        Frame frame, (string Name, Assignment Write)[] parameters, Evaluation[] defaults, IReadOnlyList<Value?> values)
    {
        for (var index = 0; index < parameters.Length; index++)
        {
            if (values[index] is { } given)
            {
                parameters[index].Write(frame, given);
            }
        }

        for (var index = 0; index < parameters.Length; index++)
        {
            if (values[index] is not null)
            {
                continue;
            }

            var (name, write) = parameters[index];
            var standard = index - (parameters.Length - defaults.Length);
            write(frame, standard >= 0
                ? defaults[standard](frame)
                : new UndefinedValue(() => $"parameter {PythonText.Quote(name)} was not provided"));
        }
    }
}
