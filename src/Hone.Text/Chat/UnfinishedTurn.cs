using System.Text.Json;
using System.Text.Json.Nodes;

namespace Hone.Text;

/// <summary>Finds the place in a rendered conversation where its last turn breaks off: a mark is put there, and the
/// text is cut at the mark.</summary>
internal static class UnfinishedTurn
{
    // The blank tells whether the template trims the ends of what is said.
    private const string Sign = "CONTINUE_FINAL_MESSAGE_TAG";
    private const string Marked = Sign + " ";

    /// <summary>Puts the mark behind the last turn's text; the text without the mark.</summary>
    public static string Mark(string template, JsonArray turns, string field)
    {
        if (turns is not [.., JsonObject last] || last[field] is not { } said)
        {
            throw new TokenizerException(
                template, $"a turn that goes on must have \"{field}\", but the last one has not");
        }

        if (Text(said) is { } text)
        {
            last[field] = text + Marked;
            return text;
        }

        var part = (said as JsonArray)?.OfType<JsonObject>().LastOrDefault(part => Text(part["text"]) is not null)
            ?? throw new TokenizerException(template,
                $"a turn that goes on must say something in words, but the \"{field}\" of the last one does not");
        text = Text(part["text"])!;
        part["text"] = text + Marked;
        return text;
    }

    /// <summary>The text up to the mark.</summary>
    public static string Cut(string template, string rendered, string said)
    {
        var at = rendered.LastIndexOf(Sign, StringComparison.Ordinal);
        if (at < 0 || !rendered.Contains(said.Trim(), StringComparison.Ordinal))
        {
            throw new TokenizerException(
                template, "a turn that goes on must be shown by the template, but the last one is not");
        }

        return rendered.AsSpan(at).StartsWith(Marked, StringComparison.Ordinal)
            ? rendered[..at] : rendered[..at].TrimEnd();
    }

    private static string? Text(JsonNode? node) =>
        node?.GetValueKind() == JsonValueKind.String ? node.GetValue<string>() : null;
}
