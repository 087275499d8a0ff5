namespace Hone.Data.Hub;

/// <summary>One of the ways in which a data set's files are meant to be read.</summary>
/// <param name="Name">Its name.</param>
/// <param name="IsDefault">Whether it is the one to take when none is named.</param>
/// <param name="Folder">The folder that its patterns are in; empty for the repository's own.</param>
/// <param name="Splits">Its splits; empty where the names of the files say which are which.</param>
internal sealed record DatasetConfiguration(
    string Name, bool IsDefault, string Folder, IReadOnlyList<DatasetSplit> Splits);

/// <summary>A split of a data set, such as <c>train</c>.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Patterns">What its files' paths fit.</param>
internal sealed record DatasetSplit(string Name, IReadOnlyList<string> Patterns);
