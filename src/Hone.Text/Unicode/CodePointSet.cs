namespace Hone.Text.Unicode;

/// <summary>An immutable set of code points: sorted ranges, with a bit each for ASCII.</summary>
internal sealed class CodePointSet
{
    private readonly int[] _edges;   // start, one past the end, start, …: strictly rising
    private readonly ulong _low;     // code points 0 to 63
    private readonly ulong _high;    // code points 64 to 127
    private CodePointSet? _complement;

    private CodePointSet(int[] edges)
    {
        _edges = edges;
        for (var codePoint = 0; codePoint < 64; codePoint++)
        {
            _low |= Search(codePoint) ? 1UL << codePoint : 0;
            _high |= Search(codePoint + 64) ? 1UL << codePoint : 0;
        }
    }

    /// <summary>The set without members.</summary>
    public static CodePointSet Empty { get; } = new([]);

    /// <summary>Whether a member lies beyond ASCII.</summary>
    public bool HasNonAscii => _edges.Length > 0 && _edges[^1] > 128;

    /// <summary>One range, both ends included.</summary>
    public static CodePointSet Range(int first, int last) => new([first, last + 1]);

    /// <summary>The set whose ranges start and end at <paramref name="edges"/>: start, one past the end, start, …,
    /// strictly rising.</summary>
    public static CodePointSet FromEdges(IReadOnlyList<int> edges) => new([.. edges]);

    /// <summary>Whether the code point is a member.</summary>
    public bool Contains(int codePoint) => codePoint switch
    {
        < 64 => (_low >> codePoint & 1) != 0,
        < 128 => (_high >> (codePoint - 64) & 1) != 0,
        _ => Search(codePoint),
    };

    /// <summary>All that are not members.</summary>
    public CodePointSet Complement() => _complement ??= new(
        [
            .. _edges is [0, ..] ? (int[])[] : [0],
            .. _edges.Where(edge => edge is > 0 and <= CodePoint.Last),
            .. _edges is [.., CodePoint.Last + 1] ? (int[])[] : [CodePoint.Last + 1],
        ]);

    /// <summary>The members of any of the sets, in time and memory that grow with the number of their ranges.</summary>
    public static CodePointSet UnionOf(IReadOnlyCollection<CodePointSet> sets)
    {
        if (sets.Count <= 1)
        {
            return sets.FirstOrDefault(Empty);
        }

        List<(int First, int End)> ranges = new(sets.Sum(set => set._edges.Length / 2));
        foreach (var set in sets)
        {
            for (var edge = 0; edge < set._edges.Length; edge += 2)
            {
                ranges.Add((set._edges[edge], set._edges[edge + 1]));
            }
        }

        ranges.Sort();
        return new(Merged(ranges));
    }

    /// <summary>The members of either set.</summary>
    public CodePointSet Union(CodePointSet other) => Combine(other, (here, there) => here || there);

    /// <summary>The members of both sets.</summary>
    public CodePointSet Intersect(CodePointSet other) => Combine(other, (here, there) => here && there);

    /// <summary>The members with all that differ from one of them by case alone.</summary>
    public CodePointSet WithOtherCases()
    {
        List<int> more = [];
        for (var edge = 0; edge < _edges.Length; edge += 2)
        {
            for (var codePoint = _edges[edge]; codePoint < _edges[edge + 1]; codePoint++)
            {
                CaseFolding.AddOtherCases(codePoint, more);
            }
        }

        more.Sort();
        return Union(new(Merged(more.Select(codePoint => (codePoint, codePoint + 1)))));
    }

    // The edges of ranges that are sorted by their starts; those that touch or overlap become one.
    private static int[] Merged(IEnumerable<(int First, int End)> ranges)
    {
        List<int> edges = [];
        foreach (var (first, end) in ranges)
        {
            if (edges is [.., var last] && first <= last)
            {
                edges[^1] = Math.Max(last, end);
            }
            else
            {
                edges.Add(first);
                edges.Add(end);
            }
        }

        return [.. edges];
    }

    private CodePointSet Combine(CodePointSet other, Func<bool, bool, bool> keep)
    {
        List<int> edges = [];
        int mine = 0, theirs = 0;
        var inside = false;
        while (mine < _edges.Length || theirs < other._edges.Length)
        {
            var at = Math.Min(
                mine < _edges.Length ? _edges[mine] : int.MaxValue,
                theirs < other._edges.Length ? other._edges[theirs] : int.MaxValue);
            mine += mine < _edges.Length && _edges[mine] == at ? 1 : 0;
            theirs += theirs < other._edges.Length && other._edges[theirs] == at ? 1 : 0;
            if (keep((mine & 1) != 0, (theirs & 1) != 0) != inside)
            {
                edges.Add(at);
                inside = !inside;
            }
        }

        return new([.. edges]);
    }

    private bool Search(int codePoint)
    {
        var found = Array.BinarySearch(_edges, codePoint);
        return found >= 0 ? (found & 1) == 0 : (~found & 1) != 0;
    }
}
