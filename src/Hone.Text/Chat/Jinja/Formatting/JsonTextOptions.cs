namespace Hone.Text.Chat.Jinja;

/// <summary>How values are written as JSON.</summary>
internal sealed record JsonTextOptions
{
    /// <summary>Whether letters beyond ASCII are escaped.</summary>
    public bool EnsuresAscii { get; init; }

    /// <summary>What each level of a value is indented by, one item a line; null for all in one line.</summary>
    public string? Indent { get; init; }

    /// <summary>What stands between items.</summary>
    public string ItemSeparator { get; init; } = ", ";

    /// <summary>What stands after a key.</summary>
    public string KeySeparator { get; init; } = ": ";

    /// <summary>Whether keys stand in order.</summary>
    public bool SortsKeys { get; init; }
}
