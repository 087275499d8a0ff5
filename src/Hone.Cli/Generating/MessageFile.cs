using Hone.Cli.Hubs;
using Hone.Data;

namespace Hone.Cli.Generating;

/// <summary>Reads conversations: a JSON list of messages, which is one conversation, or rows with a field
/// <c>messages</c>.</summary>
internal static class MessageFile
{
    /// <summary>The conversations of a file, in order.</summary>
    /// <exception cref="DataException">The file holds something else.</exception>
    public static IReadOnlyList<ConversationRow> Read(HubFiles hub, string path)
    {
        var file = hub.Data(new DataSourceOptions { Path = path, Shape = RowShape.Conversation });
        List<DataRecord> records = [.. file.ReadRecords()];
        return records[0].Fields.TryGetProperty("role", out _)
            ? [new ConversationRow(records[0].At, MessageReader.Read(records))]
            : [.. file.Read().Cast<ConversationRow>()];
    }
}
