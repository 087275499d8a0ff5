namespace Hone.Data;

/// <summary>Data that cannot be used, in words that say where, what must hold and what was found.</summary>
public sealed class DataException : Exception
{
    /// <summary>Creates the error for a fact that belongs to no single file.</summary>
    public DataException(string message)
        : base(message)
    {
    }

    /// <summary>Creates the error for a place in a file.</summary>
    /// <param name="at">The file and line.</param>
    /// <param name="message">What must hold and what was found, in lower case.</param>
    /// <param name="column">The column in code points, from 1; 0 where it says nothing.</param>
    public DataException(SourceLine at, string message, long column = 0)
        : base(column == 0 ? $"{at}: {message}" : $"{at}: column {column}: {message}")
    {
        At = at;
        Column = column;
    }

    /// <summary>The file and line; the default value when the fact belongs to no single file.</summary>
    public SourceLine At { get; }

    /// <summary>The column in code points, from 1; 0 where it says nothing.</summary>
    public long Column { get; }
}
