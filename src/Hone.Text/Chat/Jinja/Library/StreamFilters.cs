namespace Hone.Text.Chat.Jinja;

/// <summary>Filters that work item by item, as the items are taken.</summary>
internal static class StreamFilters
{
    /// <summary>The filters.</summary>
    public static IReadOnlyList<Builtin> All { get; } =
    [
        new("map", (run, arguments) => new StreamValue(Map(Split(arguments, "map"), run), "sync_do_map")),
        new("select", (run, arguments) => Chosen(arguments, "select", hasAttribute: false, keeps: true, run)),
        new("reject", (run, arguments) => Chosen(arguments, "reject", hasAttribute: false, keeps: false, run)),
        new("selectattr", (run, arguments) => Chosen(arguments, "selectattr", hasAttribute: true, keeps: true, run)),
        new("rejectattr", (run, arguments) => Chosen(arguments, "rejectattr", hasAttribute: true, keeps: false, run)),
    ];

    private static (Value Value, Arguments More) Split(Arguments arguments, string name) =>
        arguments.Positional is [var value, ..]
        ? (value, arguments with { Positional = [.. arguments.Positional.Skip(1)] })
        : throw JinjaFault.Type($"sync_do_{name}() missing 1 required positional argument: 'value'");

    private static StreamValue Chosen(Arguments arguments, string name, bool hasAttribute, bool keeps, Run run)
    {
        var (value, rest) = Split(arguments, name);
        return new StreamValue(Choose(value, rest, hasAttribute, keeps, run), "select_or_reject");
    }

    private static IEnumerable<Value> Map((Value Value, Arguments More) given, Run run)
    {
        if (!given.Value.IsTrue)
        {
            yield break;
        }

        var map = Mapping(given.More, run);
        foreach (var item in given.Value.Items(run))
        {
            run.CheckStack();
            yield return map(item);
        }
    }

    private static Func<Value, Value> Mapping(Arguments given, Run run)
    {
        if (given.Positional is [] && given.Find("attribute") is { } attribute)
        {
            foreach (var (name, _) in given.Named)
            {
                if (name is not ("attribute" or "default"))
                {
                    throw JinjaFault.FilterArgument($"Unexpected keyword argument {PythonText.Quote(name)}");
                }
            }

            var path = Lookup.PathOf(attribute, run);
            var otherwise = Filters.Given(given.Find("default"));
            return item => Lookup.Path(item, path, otherwise, run);
        }

        if (given.Positional is not [var filterName, ..])
        {
            throw JinjaFault.FilterArgument("map requires a filter argument");
        }

        var filter = Named(filterName, "filter", Filters.Find, run);
        var rest = given with { Positional = [.. given.Positional.Skip(1)] };
        return item => filter.Call(rest.With(item), run);
    }

    private static IEnumerable<Value> Choose(Value value, Arguments given, bool hasAttribute, bool keeps, Run run)
    {
        if (!value.IsTrue)
        {
            yield break;
        }

        if (hasAttribute && given.Positional is [])
        {
            throw JinjaFault.FilterArgument("Missing parameter for attribute name");
        }

        var path = hasAttribute ? Lookup.PathOf(given.Positional[0], run) : [];
        var test = Testing(given with { Positional = [.. given.Positional.Skip(hasAttribute ? 1 : 0)] }, run);
        foreach (var item in value.Items(run))
        {
            run.CheckStack();
            if (test(Lookup.Path(item, path, null, run)) == keeps)
            {
                yield return item;
            }
        }
    }

    private static Func<Value, bool> Testing(Arguments given, Run run)
    {
        if (given.Positional is not [var name, ..])
        {
            return value => value.IsTrue;
        }

        var test = Named(name, "test", Tests.Find, run);
        var rest = given with { Positional = [.. given.Positional.Skip(1)] };
        return value => test.Call(rest.With(value), run).IsTrue;
    }

    private static Builtin Named(Value name, string what, Func<string, Builtin?> find, Run run) =>
        (name is TextValue text ? find(text.Text) : null) ?? throw new JinjaFault(
            "TemplateRuntimeError",
            $"No {what} named {Repr.Of(name, run)}."
            + (name is UndefinedValue ? " (Did you forget to quote the callable name?)" : ""));
}
