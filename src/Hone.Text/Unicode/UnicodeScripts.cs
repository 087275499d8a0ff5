using System.Globalization;

namespace Hone.Text.Unicode;

/// <summary>The script of each code point.</summary>
internal static class UnicodeScripts
{
    private static readonly Lazy<Table> Data = new(Table.Read);

    /// <summary>The name of the script, in the Unicode Character Database's spelling; null where there is
    /// none.</summary>
    public static string? Of(int codePoint)
    {
        var table = Data.Value;
        var found = Array.BinarySearch(table.Firsts, codePoint);
        var range = found >= 0 ? found : ~found - 1;
        return range >= 0 && codePoint <= table.Lasts[range] ? table.Names[range] : null;
    }

    /// <summary>The code points of the script whose name is <paramref name="key"/> in lower case without separators;
    /// null where unknown.</summary>
    public static CodePointSet? SetOf(string key)
    {
        var table = Data.Value;
        if (!table.ByKey.TryGetValue(key, out var name))
        {
            return null;
        }

        List<int> edges = [];
        for (var range = 0; range < table.Names.Length; range++)
        {
            if (ReferenceEquals(table.Names[range], name))
            {
                edges.Add(table.Firsts[range]);
                edges.Add(table.Lasts[range] + 1);
            }
        }

        return CodePointSet.FromEdges(edges);
    }

    private sealed record Table(int[] Firsts, int[] Lasts, string[] Names, Dictionary<string, string> ByKey)
    {
        public static Table Read()
        {
            List<int> firsts = [];
            List<int> lasts = [];
            List<string> names = [];
            Dictionary<string, string> byKey = [];
            foreach (var fields in UnicodeData.Lines("scripts.txt"))
            {
                firsts.Add(int.Parse(fields[0], NumberStyles.HexNumber, CultureInfo.InvariantCulture));
                lasts.Add(int.Parse(fields[1], NumberStyles.HexNumber, CultureInfo.InvariantCulture));
                var key = fields[2].Replace("_", "", StringComparison.Ordinal).ToLowerInvariant();
                if (!byKey.TryGetValue(key, out var name))
                {
                    byKey.Add(key, name = fields[2]);
                }

                names.Add(name);
            }

            return new Table([.. firsts], [.. lasts], [.. names], byKey);
        }
    }
}
