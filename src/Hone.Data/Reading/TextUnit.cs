namespace Hone.Data;

/// <summary>What one row of a plain text file is.</summary>
public enum TextUnit
{
    /// <summary>The whole file.</summary>
    File,

    /// <summary>A line; blank ones are skipped.</summary>
    Line,

    /// <summary>What stands between two delimiters, without the blanks around it; empty ones are skipped.</summary>
    Document,
}
