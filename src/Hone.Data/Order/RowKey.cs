using System.Runtime.InteropServices;
using Hone.Text;

namespace Hone.Data;

/// <summary>A number for what a row says, wherever it stands: equal rows have equal keys on every machine.</summary>
internal static class RowKey
{
    /// <summary>The key of a row's content.</summary>
    public static ulong Of(Row row) => row switch
    {
        TextRow { Text: var text } => Of(1, text),
        PromptCompletionRow pair => Of(Of(2, pair.Prompt), pair.Completion),
        ConversationRow { Messages: var messages } => Of(3, messages),
        PromptRow prompt => prompt.Columns.OrderBy(column => column.Key, StringComparer.Ordinal)
            .Aggregate(Of(4, prompt.Prompt), (key, column) => Of(Of(key, column.Key), column.Value.GetRawText())),
        _ => throw new InvalidOperationException($"{row.GetType().Name} has no key"),
    };

    private static ulong Of(ulong key, RowContent content) => content switch
    {
        PlainText { Text: var text } => Of(Mixing.Combine(key, 1), text),
        Dialogue { Messages: var messages } => Of(Mixing.Combine(key, 2), messages),
        _ => throw new InvalidOperationException($"{content.GetType().Name} has no key"),
    };

    private static ulong Of(ulong key, IReadOnlyList<Message> messages) =>
        messages.Aggregate(key, (sum, message) => Of(Of(sum, message.Role), message.Content));

    private static ulong Of(ulong key, string text)
    {
        var rest = text.AsSpan();
        foreach (var four in MemoryMarshal.Cast<char, ulong>(rest))
        {
            key = Mixing.Combine(key, four);
        }

        foreach (var one in rest[(rest.Length & ~3)..])
        {
            key = Mixing.Combine(key, one);
        }

        return Mixing.Combine(key, (ulong)text.Length);
    }
}
