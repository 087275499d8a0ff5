namespace Hone.Text.Chat.Jinja;

/// <summary>A macro, or the block that a call gives to one.</summary>
/// <param name="shape">What it can be given.</param>
/// <param name="body">Writes its text.</param>
internal sealed class MacroValue(MacroShape shape, Func<MacroArguments, Run, TextValue> body) : Value
{
    /// <inheritdoc/>
    public override string TypeName => "Macro";

    /// <inheritdoc/>
    public override string Description => "jinja2.runtime.Macro object";

    /// <inheritdoc/>
    public override bool IsCallable => true;

    private string QuotedName => shape.Name is { } name ? PythonText.Quote(name) : "None";

    /// <inheritdoc/>
    public override void WriteRepr(TextSink sink) =>
        sink.Append($"<Macro {(shape.Name is null ? "anonymous" : QuotedName)}>");

    /// <inheritdoc/>
    public override Value? Attribute(string name) => name switch
    {
        "name" => shape.Name is { } own ? new TextValue(own) : NoneValue.None,
        "arguments" => new TupleValue([.. shape.Parameters.Select(parameter => new TextValue(parameter))]),
        "catch_kwargs" => BoolValue.Of(shape.Special.Contains("kwargs")),
        "catch_varargs" => BoolValue.Of(shape.Special.Contains("varargs")),
        "caller" => BoolValue.Of(shape.Special.Contains("caller")),
        "explicit_caller" => BoolValue.Of(shape.Parameters.Contains("caller")),
        _ => null,
    };

    /// <inheritdoc/>
    public override Value Call(Arguments arguments, Run run)
    {
        var given = Bind(arguments, run);
        run.CheckStack();
        run.Budget.Enter();
        var line = run.Line;
        var text = body(given, run);
        run.Line = line;
        run.Budget.Leave();
        return text;
    }

    private MacroArguments Bind(Arguments arguments, Run run)
    {
        var (names, positional) = (shape.Parameters, arguments.Positional);
        var named = new List<KeyValuePair<string, Value>>(arguments.Named);
        var values = new Value?[names.Length];
        var findsCaller = positional.Count >= names.Length && names.Contains("caller");
        for (var place = 0; place < names.Length; place++)
        {
            values[place] = place < positional.Count ? positional[place] : Take(named, names[place]);
            findsCaller |= place >= positional.Count && names[place] == "caller";
        }

        Dictionary<string, Value> special = [];
        if (shape.Special.Contains("caller") && !findsCaller)
        {
            special["caller"] = Take(named, "caller") ?? new UndefinedValue(() => "No caller defined");
        }

        if (shape.Special.Contains("kwargs"))
        {
            var entries = DictValue.NewEntries(run);
            foreach (var (name, value) in named)
            {
                entries[new TextValue(name)] = value;
            }

            special["kwargs"] = new DictValue(entries);
        }
        else if (named is [var (unknown, _), ..])
        {
            throw JinjaFault.Type(named.Exists(pair => pair.Key == "caller")
                ? $"macro {QuotedName} was invoked with two values for the special caller argument. "
                    + "This is most likely a bug."
                : $"macro {QuotedName} takes no keyword argument {PythonText.Quote(unknown)}");
        }

        if (shape.Special.Contains("varargs"))
        {
            special["varargs"] = new TupleValue([.. positional.Skip(names.Length)]);
        }
        else if (positional.Count > names.Length)
        {
            throw JinjaFault.Type($"macro {QuotedName} takes not more than {names.Length} argument(s)");
        }

        return new MacroArguments(values, special);
    }

    private static Value? Take(List<KeyValuePair<string, Value>> named, string name)
    {
        var index = named.FindIndex(pair => pair.Key == name);
        if (index < 0)
        {
            return null;
        }

        var value = named[index].Value;
        named.RemoveAt(index);
        return value;
    }
}
