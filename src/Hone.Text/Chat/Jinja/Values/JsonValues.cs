using System.Globalization;
using System.Numerics;
using System.Text.Json;

namespace Hone.Text.Chat.Jinja;

/// <summary>JSON as values.</summary>
internal static class JsonValues
{
    /// <summary>The value of a JSON element.</summary>
    public static Value Of(JsonElement element)
    {
        StackGuard.Check();
        return element.ValueKind switch
        {
            JsonValueKind.String => new TextValue(element.GetString()!),
            JsonValueKind.True => BoolValue.True,
            JsonValueKind.False => BoolValue.False,
            JsonValueKind.Number => Number(element.GetRawText()),
            JsonValueKind.Array => new ListValue([.. element.EnumerateArray().Select(Of)]),
            JsonValueKind.Object => Dict(element),
            _ => NoneValue.None,
        };
    }

    private static DictValue Dict(JsonElement element)
    {
        var entries = DictValue.NewEntries();
        foreach (var member in element.EnumerateObject())
        {
            entries[new TextValue(member.Name)] = Of(member.Value);
        }

        return new DictValue(entries);
    }

    private static Value Number(string text) => text.AsSpan().IndexOfAny('.', 'e', 'E') < 0
        ? IntegerValue.Of(BigInteger.Parse(text, CultureInfo.InvariantCulture))
        : new FloatValue(double.Parse(text, CultureInfo.InvariantCulture));
}
