using System.Numerics;

namespace Hone.Text.Chat.Jinja;

/// <summary>The functions that every template can name.</summary>
internal static class Functions
{
    private static readonly string[] Words =
        ("lorem ipsum dolor sit amet consectetur adipiscing elit sed do eiusmod tempor incididunt ut labore et dolore "
        + "magna aliqua enim ad minim veniam quis nostrud exercitation ullamco laboris nisi aliquip ex ea commodo "
        + "consequat").Split(' ');

    /// <summary>The functions, by name.</summary>
    public static IReadOnlyDictionary<string, Value> Globals { get; } = new Dictionary<string, Value>
    {
        ["range"] = Function("range", Range),
        ["namespace"] = Function("namespace", Namespace),
        ["dict"] = new FunctionValue(new Builtin("dict", Dict), "type")
        {
            Attributes = new Dictionary<string, Value>
            {
                ["fromkeys"] = new FunctionValue(
                    new Builtin("fromkeys", ["keys", "value?"], (run, given) =>
                        DictMethods.FromKeys(given[0]!, given[1], run)),
                    "builtin_function_or_method"),
            },
        },
        ["cycler"] = new FunctionValue(new Builtin("cycler", Cycler), "type"),
        ["joiner"] = new FunctionValue(
            new Builtin("joiner", ["sep?"], (_, given) => new JoinerValue(given[0] ?? new TextValue(", "))), "type"),
        ["lipsum"] = new FunctionValue(new Builtin("lipsum", ["n?", "html?", "min?", "max?"], Lipsum)),
        ["raise_exception"] = new FunctionValue(new Builtin("raise_exception", ["message"], (run, given) =>
            throw new JinjaFault(JinjaFault.RaisedKind, given[0]!.AsText(run)))),
        ["strftime_now"] = new FunctionValue(
            new Builtin("strftime_now", ["format"], (run, given) => Now(given[0]!, run))),
    };

    private static FunctionValue Function(string name, Func<Run, Arguments, Value> body) =>
        new(new Builtin(name, body));

    private static TextValue Now(Value format, Run run)
    {
        var text = format is TextValue { Text: var given }
            ? given
            : throw JinjaFault.Type($"strftime() argument 1 must be str, not {format.TypeName}");
        run.Budget.Make(text.Length * 8L);
        return run.Text(TimeFormat.Write(run.Now.DateTime, text));
    }

    private static RangeValue Range(Run run, Arguments arguments)
    {
        if (arguments.Named is [_, ..])
        {
            throw JinjaFault.Type("range() takes no keyword arguments");
        }

        BigInteger[] numbers = [.. arguments.Positional.Select(Numbers.Whole)];
        return numbers switch
        {
            [var stop] => new RangeValue(0, stop, 1),
            [var start, var stop] => new RangeValue(start, stop, 1),
            [var start, var stop, var step] => new RangeValue(start, stop, step),
            [] => throw JinjaFault.Type("range expected at least 1 argument, got 0"),
            _ => throw JinjaFault.Type($"range expected at most 3 arguments, got {numbers.Length}"),
        };
    }

    private static DictValue Dict(Run run, Arguments arguments)
    {
        var entries = DictValue.NewEntries(run);
        if (arguments.Positional.Count > 1)
        {
            throw JinjaFault.Type($"dict expected at most 1 argument, got {arguments.Positional.Count}");
        }

        if (arguments.Positional is [DictValue dict])
        {
            entries = DictMethods.Copy(dict, run).Entries;
        }
        else if (arguments.Positional is [var pairs])
        {
            var index = 0;
            foreach (var pair in pairs.Items(run))
            {
                run.Budget.MakeItems(2);
                var parts = pair.IsIterable
                    ? pair.Items(run).Take(3).ToList()
                    : throw JinjaFault.Type(
                        $"cannot convert dictionary update sequence element #{index} to a sequence");
                if (parts is not [var key, var value])
                {
                    throw JinjaFault.Value(
                        $"dictionary update sequence element #{index} has length {parts.Count}; 2 is required");
                }

                entries[key] = value;
                index++;
            }
        }

        foreach (var (name, named) in arguments.Named)
        {
            entries[new TextValue(name)] = named;
        }

        return new DictValue(entries);
    }

    private static NamespaceValue Namespace(Run run, Arguments arguments)
    {
        var space = new NamespaceValue();
        foreach (var (key, value) in Dict(run, arguments).Entries)
        {
            space.Set(key.AsText(run), value);
        }

        return space;
    }

    private static CyclerValue Cycler(Run run, Arguments arguments) => arguments switch
    {
        { Named: [_, ..] } => throw JinjaFault.Type("Cycler.__init__() got an unexpected keyword argument"),
        { Positional: [] } => throw new JinjaFault("RuntimeError", "at least one item has to be provided"),
        _ => new CyclerValue(arguments.Positional),
    };

    /// <summary>Paragraphs of words that mean nothing.</summary>
    private static TextValue Lipsum(Run run, Value?[] given)
    {
        var paragraphs = given[0] is { } count ? Numbers.Int(count) : 5;
        var isHtml = given[1]?.IsTrue ?? true;
        var least = given[2] is { } min ? Numbers.Int(min) : 20;
        var most = given[3] is { } max ? Numbers.Int(max) : 100;
        if (most <= least)
        {
            throw JinjaFault.Value($"empty range for randrange() ({least}, {most}, {most - least})");
        }

        var sink = new TextSink(run);
        for (var paragraph = 0; paragraph < paragraphs; paragraph++)
        {
            run.Budget.Work(1);
            sink.Append(paragraph == 0 ? "" : isHtml ? "\n" : "\n\n").Append(isHtml ? "<p>" : "");
            var words = least + run.Draw(most - least);
            for (var word = 0; word < words; word++)
            {
                run.Budget.Work(1);
                var text = Words[run.Draw(Words.Length)];
                sink.Append(word == 0 ? CaseMapping.Capitalize(text) : $" {text}");
            }

            sink.Append(isHtml ? ".</p>" : ".");
        }

        return isHtml ? new TextValue(sink.ToString()) { IsMarkup = true } : new TextValue(sink.ToString());
    }
}
