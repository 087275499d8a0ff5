using System.Collections.Concurrent;
using System.Globalization;

namespace Hone.Text.Unicode;

/// <summary>The code points of each general category.</summary>
internal static class CategorySets
{
    private static readonly Lazy<CodePointSet[]> Sets = new(Read);

    // What was asked for already, by the bits of its categories: there are few names for them.
    private static readonly ConcurrentDictionary<uint, CodePointSet> Unions = new();

    /// <summary>The code points of any of <paramref name="categories"/>; the same set whenever the same are
    /// named.</summary>
    public static CodePointSet Of(params ReadOnlySpan<UnicodeCategory> categories)
    {
        var bits = 0U;
        foreach (var category in categories)
        {
            bits |= 1U << (int)category;
        }

        return Unions.GetOrAdd(
            bits, static bits =>
                CodePointSet.UnionOf([.. Sets.Value.Where((_, category) => (bits >> category & 1) != 0)]));
    }

    private static CodePointSet[] Read()
    {
        var edges = new List<int>[30];
        for (var category = 0; category < edges.Length; category++)
        {
            edges[category] = [];
        }

        var before = -1;
        for (var codePoint = 0; codePoint <= CodePoint.Last + 1; codePoint++)
        {
            var category = codePoint > CodePoint.Last ? -1 : (int)CodePoint.CategoryOf(codePoint);
            if (category != before)
            {
                AddEdge(edges, before, codePoint);
                AddEdge(edges, category, codePoint);
                before = category;
            }
        }

        return [.. edges.Select(CodePointSet.FromEdges)];
    }

    private static void AddEdge(List<int>[] edges, int category, int codePoint)
    {
        if (category >= 0)
        {
            edges[category].Add(codePoint);
        }
    }
}
