namespace Hone.Data;

/// <summary>What one row of a plain text file is.</summary>
public enum TextUnit
{
    /// <summary>What stands between two delimiters, without the blanks around it; empty ones are skipped.</summary>
    Document,

    /// <summary>A line; blank ones are skipped.</summary>
    Line,

    /// <summary>The whole file as it stands.</summary>
    File,
}
