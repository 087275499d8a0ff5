using System.Text.RegularExpressions;

namespace Hone.Data.Hub;

/// <summary>What the names of files say of the splits that they belong to, by the rules of the <c>datasets</c>
/// library.</summary>
internal static partial class SplitConventions
{
    private static readonly (string Split, string Words)[] Keywords =
    [
        ("train", "train|training"),
        ("validation", "validation|valid|dev|val"),
        ("test", "test|testing|eval|evaluation"),
    ];

    /// <summary>The splits of some files, in order. The first of these rules that finds any decides: names such as
    /// <c>data/train-00000-of-00005.parquet</c>; folders called after a split; files called after one; else everything
    /// is <c>train</c>.</summary>
    public static IReadOnlyList<(string Name, IReadOnlyList<string> Files)> Of(IReadOnlyList<string> files)
    {
        var shards = files.Select(file => (file, Match: Shard().Match(file))).Where(one => one.Match.Success).ToList();
        if (shards is [_, ..])
        {
            return
            [
                .. shards.GroupBy(one => one.Match.Groups["split"].Value, one => one.file)
                    .OrderBy(group => Rank(group.Key)).ThenBy(group => group.Key, StringComparer.Ordinal)
                    .Select(group => (group.Key, (IReadOnlyList<string>)[.. group])),
            ];
        }

        if (ByKeyword(files, words => new Regex($@"(\A|/|[-._ 0-9])({words})([-._ 0-9][^/]*)?/")) is [_, ..] folders)
        {
            return folders;
        }

        if (ByKeyword(files, words => new Regex($@"(\A|/|[-._ 0-9])({words})[-._ 0-9][^/]*\z")) is [_, ..] names)
        {
            return names;
        }

        return files is [] ? [] : [("train", files)];
    }

    private static List<(string Name, IReadOnlyList<string> Files)> ByKeyword(
        IReadOnlyList<string> files, Func<string, Regex> pattern) =>
    [
        .. Keywords
            .Select(keyword => (keyword.Split, Pattern: pattern(keyword.Words)))
            .Select(keyword => (keyword.Split, Files: files.Where(file => keyword.Pattern.IsMatch(file)).ToList()))
            .Where(split => split.Files is [_, ..])
            .Select(split => (split.Split, (IReadOnlyList<string>)split.Files)),
    ];

    private static int Rank(string split) =>
        Array.FindIndex(Keywords, keyword => keyword.Split == split) is >= 0 and var rank ? rank : Keywords.Length;

    [GeneratedRegex(@"\Adata/(?<split>\w+(\.\w+)*)-[0-9]{5}-of-[0-9]{5}[^/]*\.[^/]*\z", RegexOptions.ExplicitCapture)]
    private static partial Regex Shard();
}
