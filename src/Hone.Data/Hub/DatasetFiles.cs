namespace Hone.Data.Hub;

/// <summary>Which files of a data set are the rows of one split.</summary>
/// <param name="Split">The split.</param>
/// <param name="Files">Its files, relative to the data set's folder, in ordinal order.</param>
internal sealed record DatasetFiles(string Split, IReadOnlyList<string> Files)
{
    private static readonly string[] NoData =
        ["config.json", "dataset_info.json", "dataset_infos.json", "dataset_dict.json", "state.json"];

    /// <summary>Formats from the least liked to the most, for folders that have the same rows in several.</summary>
    private static readonly DataFormat[] Liking =
        [DataFormat.Text, DataFormat.Csv, DataFormat.Json, DataFormat.JsonLines, DataFormat.Parquet];

    /// <summary>Finds the files of a split.</summary>
    /// <param name="names">All files of the data set.</param>
    /// <param name="card">What its card says.</param>
    /// <param name="configuration">The configuration; empty for the usual one.</param>
    /// <param name="split">The split; empty where there is only one.</param>
    /// <param name="place">What messages call the data set.</param>
    /// <exception cref="DataException">There is no such split, or it must be named.</exception>
    public static DatasetFiles Select(
        IReadOnlyList<string> names, DatasetCard card, string configuration, string split, string place)
    {
        var data = names.Where(IsData).ToList();
        var chosen = Choose(data, card, configuration, place);
        var prefix = chosen.Folder.Length == 0 ? "" : $"{chosen.Folder}/";
        var inside = data
            .Where(name => name.StartsWith(prefix, StringComparison.Ordinal))
            .Select(name => name[prefix.Length..])
            .ToList();
        var splits = chosen.Splits is [_, ..]
            ? [.. chosen.Splits.Select(one => (one.Name, Files: Matching(inside, one.Patterns)))]
            : SplitConventions.Of(inside);
        var (name, files) = Choose(splits, split, place);
        return files is []
            ? throw new DataException(
                $"{place}: split \"{name}\" must have files that end in {DataSource.KnownSuffixes}, has none")
            : new DatasetFiles(name, [.. MostlyOneFormat(files).Select(file => prefix + file)]);
    }

    private static bool IsData(string name) =>
        DataSource.FormatOf(name) != DataFormat.Auto
        && !name.Split('/').Any(part => part.StartsWith('.') || part.StartsWith("__", StringComparison.Ordinal))
        && !NoData.Contains(name.Split('/')[^1]);

    private static DatasetConfiguration Choose(
        List<string> data, DatasetCard card, string wanted, string place)
    {
        var known = card.Configurations;
        var names = string.Join(", ", known.Select(one => one.Name));
        return (known, wanted) switch
        {
            ([], "") => new DatasetConfiguration("", IsDefault: true, "", []),
            ([], _) when data.Any(name => name.StartsWith($"{wanted}/", StringComparison.Ordinal)) =>
                new DatasetConfiguration(wanted, IsDefault: false, wanted, []),
            ([], _) => throw new DataException(
                $"{place}: config \"{wanted}\" must be one of the data set's, it has none and no folder of that name"),
            ([var only], "") => only,
            (_, "") => known.FirstOrDefault(one => one.IsDefault || one.Name == "default")
                ?? throw new DataException($"{place}: config must be set, the data set has {names}"),
            _ => known.FirstOrDefault(one => one.Name == wanted)
                ?? throw new DataException($"{place}: config must be one of {names}, is \"{wanted}\""),
        };
    }

    private static (string Name, IReadOnlyList<string> Files) Choose(
        IReadOnlyList<(string Name, IReadOnlyList<string> Files)> splits, string wanted, string place)
    {
        var names = string.Join(", ", splits.Select(split => split.Name));
        return (splits, wanted) switch
        {
            ([], _) => throw new DataException(
                $"{place}: must have files that end in {DataSource.KnownSuffixes}, has none; of data sets of the hub "
                + "that only a script can read, the revision refs/convert/parquet may hold the rows"),
            ([var only], "") => only,
            (_, "") => throw new DataException($"{place}: split must be set, the data set has {names}"),
            _ when splits.Any(split => split.Name == wanted) => splits.First(split => split.Name == wanted),
            _ => throw new DataException($"{place}: split must be one of {names}, is \"{wanted}\""),
        };
    }

    private static IReadOnlyList<string> Matching(List<string> files, IReadOnlyList<string> patterns)
    {
        var matchers = patterns
            .Select(pattern => pattern.StartsWith("./", StringComparison.Ordinal) ? pattern[2..] : pattern)
            .SelectMany(pattern => (Func<string, bool>[])
                [GlobPattern.ByFolder(pattern), GlobPattern.ByFolder($"{pattern.TrimEnd('/')}/**")])
            .ToList();
        return [.. files.Where(file => matchers.Any(matches => matches(file)))];
    }

    private static IEnumerable<string> MostlyOneFormat(IReadOnlyList<string> files)
    {
        var groups = files.GroupBy(DataSource.FormatOf).ToList();
        return groups
            .OrderByDescending(group => group.Count())
            .ThenByDescending(group => Array.IndexOf(Liking, group.Key))
            .First()
            .Order(StringComparer.Ordinal);
    }
}
