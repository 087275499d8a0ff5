namespace Hone.Training.Recipes;

/// <summary>Which files to read, and what their columns mean.</summary>
public sealed record DataSourceOptions
{
    /// <summary>A file, a folder or a pattern.</summary>
    public required string Path { get; init; }

    /// <summary>Column of the file by our name for it: <c>prompt: question</c>.</summary>
    public IReadOnlyDictionary<string, string> Columns { get; init; } = new Dictionary<string, string>();
}
