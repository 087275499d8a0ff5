using System.Text.Json;

namespace Hone.Text;

/// <summary>Holds what a turn says against what a template shows of it. A template that was made for other contents,
/// parts in place of a text or no calls of tools, may leave a turn empty without a word.</summary>
internal static class TurnContent
{
    private const string EndOfReasoning = "</think>";

    /// <summary>What is missing, in words; null where nothing is. Reasoning may be left out.</summary>
    /// <param name="message">The turn.</param>
    /// <param name="shown">The part of the text that is the turn.</param>
    public static string? Doubt(Message message, ReadOnlySpan<char> shown)
    {
        var answer = message.Content.LastIndexOf(EndOfReasoning, StringComparison.Ordinal) is >= 0 and var at
            ? message.Content.AsSpan(at + EndOfReasoning.Length)
            : message.Content;
        if (!shown.Contains(answer.Trim(), StringComparison.Ordinal))
        {
            return "the chat template does not show what an assistant's turn says, so that it is not trained";
        }

        foreach (var name in CalledTools(message))
        {
            if (!shown.Contains(name, StringComparison.Ordinal))
            {
                return "the chat template does not show which tool an assistant's turn calls, so that it is not "
                    + "trained";
            }
        }

        return null;
    }

    private static IEnumerable<string> CalledTools(Message message)
    {
        if (message.Fields is not { } fields || !fields.TryGetProperty("tool_calls", out var calls)
            || calls.ValueKind != JsonValueKind.Array)
        {
            yield break;
        }

        foreach (var call in calls.EnumerateArray().Where(call => call.ValueKind == JsonValueKind.Object))
        {
            var function = call.TryGetProperty("function", out var inner) && inner.ValueKind == JsonValueKind.Object
                ? inner
                : call;
            if (function.TryGetProperty("name", out var name) && name.ValueKind == JsonValueKind.String)
            {
                yield return name.GetString()!;
            }
        }
    }
}
