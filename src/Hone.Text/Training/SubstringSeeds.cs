namespace Hone.Text.Training;

/// <summary>Finds the pieces that a Unigram vocabulary begins with: all characters, and the substrings that go on in
/// more than one way.</summary>
/// <remarks>
/// The substrings are the inner nodes of the suffix tree, as in SentencePiece; since pieces are short, suffixes are
/// sorted by their first symbols alone, and the nodes are the intervals of equal beginnings (Abouelhoda et al. 2004).
/// </remarks>
internal sealed class SubstringSeeds(SymbolText text, int longest)
{
    private readonly int[] _symbols = text.Symbols;
    private readonly int _end = text.FirstLetter;

    /// <summary>The seeds with their weights: characters by frequency, then substrings by frequency times
    /// length.</summary>
    /// <param name="letterCounts">How often each character occurs.</param>
    /// <param name="most">The most seeds.</param>
    public List<(SymbolPiece Piece, double Weight)> Find(long[] letterCounts, int most)
    {
        List<(SymbolPiece, double)> seeds =
        [
            .. Enumerable.Range(0, text.Letters)
                .Where(letter => letterCounts[letter] > 0)
                .OrderByDescending(letter => letterCounts[letter])
                .ThenByDescending(letter => letter)
                .Select(letter => (new SymbolPiece(text.FirstLetter + letter, 1), (double)letterCounts[letter])),
        ];
        var substrings = Substrings();
        substrings.Sort((one, other) => one.Weight != other.Weight
            ? other.Weight.CompareTo(one.Weight)
            : text.Of(other.Piece).SequenceCompareTo(text.Of(one.Piece)));
        seeds.AddRange(substrings
            .Take(Math.Max(0, most - seeds.Count))
            .Select(one => (one.Piece, (double)one.Weight)));
        return seeds;
    }

    private List<(SymbolPiece Piece, long Weight)> Substrings()
    {
        var order = Enumerable.Range(0, _end).ToArray();
        SortFrom(order);
        List<(SymbolPiece, long)> found = [];
        var open = new Stack<(int Depth, int First)>();
        open.Push((0, 0));
        for (var next = 1; next <= order.Length; next++)
        {
            var common = next < order.Length ? Common(order[next - 1], order[next]) : 0;
            var first = next - 1;
            while (open.Peek().Depth > common)
            {
                var (depth, from) = open.Pop();
                first = from;
                if (depth >= 2 && depth <= longest && !_symbols.AsSpan(order[from], depth).Contains(0))
                {
                    found.Add((new SymbolPiece(order[from], depth), (long)(next - from) * depth));
                }
            }

            if (open.Peek().Depth < common)
            {
                open.Push((common, first));
            }
        }

        return found;
    }

    /// <summary>Sorts suffixes by their first symbols: first by the very first one, then each such part by itself, on
    /// all processors.</summary>
    private void SortFrom(int[] order)
    {
        var starts = new int[text.Letters + 2];
        for (var at = 0; at < _end; at++)
        {
            starts[_symbols[at] + 1]++;
        }

        for (var symbol = 1; symbol < starts.Length; symbol++)
        {
            starts[symbol] += starts[symbol - 1];
        }

        var next = (int[])starts.Clone();
        for (var at = 0; at < _end; at++)
        {
            order[next[_symbols[at]]++] = at;
        }

        var bySymbols = Comparer<int>.Create(Compare);
        Parallel.For(0, text.Letters + 1, symbol =>
            Array.Sort(order, starts[symbol], starts[symbol + 1] - starts[symbol], bySymbols));
    }

    private int Compare(int one, int other)
    {
        var order = Beginning(one).SequenceCompareTo(Beginning(other));
        return order != 0 ? order : one.CompareTo(other);
    }

    private int Common(int one, int other) => Beginning(one).CommonPrefixLength(Beginning(other));

    private ReadOnlySpan<int> Beginning(int suffix) =>
        _symbols.AsSpan(suffix, Math.Min(longest + 1, _end - suffix));
}
