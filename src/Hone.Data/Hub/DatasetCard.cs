namespace Hone.Data.Hub;

/// <summary>What the first lines of a data set's <c>README.md</c> say of its files.</summary>
/// <param name="Configurations">The configurations, in the order of the card; empty where it names none.</param>
internal sealed record DatasetCard(IReadOnlyList<DatasetConfiguration> Configurations)
{
    /// <summary>The file.</summary>
    public const string FileName = "README.md";

    /// <summary>Reads the card of a folder, empty where there is none.</summary>
    /// <exception cref="DataException">Its configurations cannot be understood.</exception>
    public static DatasetCard Read(string folder)
    {
        var path = Path.Combine(folder, FileName);
        return File.Exists(path) ? Parse(File.ReadAllText(path), path) : new DatasetCard([]);
    }

    /// <summary>Reads a card.</summary>
    /// <exception cref="DataException">Its configurations cannot be understood.</exception>
    public static DatasetCard Parse(string text, string path) =>
        CardYaml.Field(text, "configs", path) switch
        {
            null => new DatasetCard([]),
            CardNode.Items items => new DatasetCard([.. items.Values.Select(item => Configuration(item, path))]),
            var other => throw new DataException(new SourceLine(path, other.Line), "\"configs\" must be a list"),
        };

    private static DatasetConfiguration Configuration(CardNode node, string path)
    {
        var fields = node as CardNode.Fields
            ?? throw new DataException(new SourceLine(path, node.Line), "a configuration must have \"config_name\"");
        return new DatasetConfiguration(
            fields.TextOf("config_name")
                ?? throw new DataException(new SourceLine(path, node.Line), "a configuration must have "
                    + "\"config_name\""),
            IsDefault: fields.TextOf("default") is "true" or "True",
            Folder: fields.TextOf("data_dir")?.Trim('/') ?? "",
            fields.Find("data_files") is { } files ? [.. Splits(files, path)] : []);
    }

    // A pattern, a list of patterns (both are the split train), or a list of {split, path}.
    private static IEnumerable<DatasetSplit> Splits(CardNode node, string path) => node switch
    {
        CardNode.Text or CardNode.Items { Values: [CardNode.Text, ..] } =>
            [new DatasetSplit("train", Patterns(node, path))],
        CardNode.Items items => items.Values.Select(item =>
            item is CardNode.Fields fields && fields.TextOf("split") is { } split && fields.Find("path") is { } patterns
                ? new DatasetSplit(split, Patterns(patterns, path))
                : throw new DataException(
                    new SourceLine(path, item.Line), "a part of \"data_files\" must have \"split\" and \"path\"")),
        CardNode.Fields fields => fields.Entries.Select(
            entry => new DatasetSplit(entry.Name, Patterns(entry.Value, path))),
        _ => throw new DataException(new SourceLine(path, node.Line), "\"data_files\" must name files"),
    };

    private static IReadOnlyList<string> Patterns(CardNode node, string path) => node switch
    {
        CardNode.Text text => [text.Value],
        CardNode.Items items when items.Values.All(item => item is CardNode.Text) =>
            [.. items.Values.Cast<CardNode.Text>().Select(text => text.Value)],
        _ => throw new DataException(new SourceLine(path, node.Line), "\"path\" must be a pattern or a list of "
            + "patterns"),
    };
}
