using System.Numerics;

namespace Hone.Text.Chat.Jinja;

/// <summary>The methods of texts that exchange characters by a table.</summary>
internal static class TextTranslation
{
    /// <summary>The methods.</summary>
    public static IReadOnlyList<Builtin> All { get; } =
    [
        new("translate", ["self", "table"], Translated),
        new("maketrans", ["self", "x", "y?", "z?"], TranslationTable),
    ];

    private static TextValue Translated(Run run, Value?[] given)
    {
        var sink = new TextSink(run);
        foreach (var point in PythonText.CodePoints(TextMethods.Self(given).Text))
        {
            sink.Append(given[1]!.Item(IntegerValue.Of(point), run) switch
            {
                null => PythonText.OfCodePoint(point),
                NoneValue => "",
                TextValue text => text.Text,
                var code => Numbers.Index(code) is { } number && number.Sign >= 0 && number <= 0x10FFFF
                    ? PythonText.OfCodePoint((int)number)
                    : throw JinjaFault.Type("character mapping must return integer, None or str"),
            });
        }

        return run.Text(sink.ToString(), TextMethods.Self(given));
    }

    private static DictValue TranslationTable(Run run, Value?[] given)
    {
        var entries = DictValue.NewEntries(run);
        if (given[2] is null)
        {
            foreach (var (key, value) in (given[1] as DictValue ?? throw JinjaFault.Type(
                "if you give only one argument to maketrans it must be a dict")).Entries)
            {
                entries[key is TextValue { Length: 1 } letter ? CodeOf(letter) : key] = value;
            }

            return new DictValue(entries);
        }

        var (from, to) = (
            PythonText.CodePoints(TextMethods.TextArgument(given[1], "maketrans() argument 1")),
            PythonText.CodePoints(TextMethods.TextArgument(given[2], "maketrans() argument 2")));
        if (from.Length != to.Length)
        {
            throw JinjaFault.Value("the first two maketrans arguments must have equal length");
        }

        foreach (var (key, value) in from.Zip(to))
        {
            entries[IntegerValue.Of(key)] = IntegerValue.Of(value);
        }

        var removed = given[3] is null ? "" : TextMethods.TextArgument(given[3], "maketrans() argument 3");
        foreach (var gone in PythonText.CodePoints(removed))
        {
            entries[IntegerValue.Of(gone)] = NoneValue.None;
        }

        return new DictValue(entries);
    }

    private static IntegerValue CodeOf(TextValue letter) => IntegerValue.Of(new BigInteger(
        PythonText.CodePointAt(letter.Text, 0, out _)));
}
