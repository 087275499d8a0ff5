namespace Hone.Text.Chat.Jinja;

/// <summary>How Python shows a value inside of a list.</summary>
internal static class Repr
{
    /// <summary>The value, shown.</summary>
    public static string Of(Value value, Run run)
    {
        var sink = new TextSink(run);
        value.WriteRepr(sink);
        return sink.ToString();
    }
}
