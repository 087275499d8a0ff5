using System.Collections.Frozen;

namespace Hone.Text.Chat.Jinja;

/// <summary>All tests, by name. The value that is tested is the first argument.</summary>
internal static class Tests
{
    private static readonly FrozenDictionary<string, Builtin> All = ((Builtin[])
        [
            Plain("defined", value => value is not UndefinedValue),
            Plain("undefined", value => value is UndefinedValue),
            Plain("none", value => value is NoneValue),
            Plain("boolean", value => value is BoolValue),
            Plain("true", value => value == BoolValue.True),
            Plain("false", value => value == BoolValue.False),
            Plain("integer", value => value is IntegerValue),
            Plain("float", value => value is FloatValue),
            Plain("number", Numbers.IsNumber),
            Plain("string", value => value is TextValue),
            Plain("mapping", value => value is DictValue),
            Plain("iterable", value => value.IsIterable),
            Plain("sequence", value => value is TextValue or ListValue or TupleValue or DictValue or RangeValue
                or BytesValue or UndefinedValue),
            Plain("callable", value => value.IsCallable),
            Plain("escaped", value => value is TextValue { IsMarkup: true }),
            new("lower", ["value"], (run, given) => BoolValue.Of(TextMethods.IsLower(Counted(given[0]!, run)))),
            new("upper", ["value"], (run, given) => BoolValue.Of(TextMethods.IsUpper(Counted(given[0]!, run)))),
            new("filter", ["value"], (_, given) => BoolValue.Of(IsName(given[0]!, Filters.Find))),
            new("test", ["value"], (_, given) => BoolValue.Of(IsName(given[0]!, Find))),
            new("sameas", ["value", "other"], (_, given) => BoolValue.Of(Equality.AreSame(given[0]!, given[1]!))),
            new("in", ["value", "seq"], (run, given) => BoolValue.Of(given[1]!.Contains(given[0]!, run))),
            new("odd", ["value"], (run, given) => BoolValue.Of(Rest(given[0]!, IntegerValue.Of(2), 1, run))),
            new("even", ["value"], (run, given) => BoolValue.Of(Rest(given[0]!, IntegerValue.Of(2), 0, run))),
            new("divisibleby", ["value", "num"], (run, given) => BoolValue.Of(Rest(given[0]!, given[1]!, 0, run))),
            .. Compared("==", "eq", "equalto", "=="),
            .. Compared("!=", "ne", "!="),
            .. Compared(">", "gt", "greaterthan", ">"),
            .. Compared(">=", "ge", ">="),
            .. Compared("<", "lt", "lessthan", "<"),
            .. Compared("<=", "le", "<="),
        ]).ToFrozenDictionary(test => test.Name, StringComparer.Ordinal);

    /// <summary>The test of a name; null where there is none.</summary>
    public static Builtin? Find(string name) => All.GetValueOrDefault(name);

    private static Builtin Plain(string name, Func<Value, bool> test) =>
        new(name, ["value"], (_, given) => BoolValue.Of(test(given[0]!)));

    private static IEnumerable<Builtin> Compared(string symbol, params IEnumerable<string> names) => names.Select(
        name => new Builtin(
            name, ["a", "b"], (run, given) => BoolValue.Of(Comparison.Holds(symbol, given[0]!, given[1]!, run))));

    private static string Counted(Value value, Run run)
    {
        var text = value.AsText(run);
        run.Budget.Work(text.Length / 2);
        return text;
    }

    private static bool IsName(Value value, Func<string, Builtin?> find) => Equality.IsHashable(value)
        ? value is TextValue text && find(text.Text) is not null
        : throw JinjaFault.Type($"unhashable type: '{value.TypeName}'");

    private static bool Rest(Value value, Value divisor, int rest, Run run) =>
        Equality.AreEqual(Arithmetic.Apply("%", value, divisor, run), IntegerValue.Of(rest), run);
}
