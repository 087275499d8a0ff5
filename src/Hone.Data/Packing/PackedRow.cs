namespace Hone.Data;

/// <summary>Sequences one after another without padding. Attention stays inside each segment.</summary>
/// <param name="Tokens">The token ids, <c>[token]</c>.</param>
/// <param name="Trained">Whether each token is a target, <c>[token]</c>; the first of a sequence never is.</param>
/// <param name="Positions">Each token's position in its sequence, <c>[token]</c>.</param>
/// <param name="SegmentStarts">Where each segment begins, and at last the number of tokens, <c>[segment +
/// 1]</c>.</param>
/// <param name="Pieces">Where the tokens come from, in order.</param>
public sealed record PackedRow(
    int[] Tokens,
    bool[] Trained,
    int[] Positions,
    int[] SegmentStarts,
    IReadOnlyList<PackedPiece> Pieces)
{
    /// <summary>For each segment the one that it goes on from, which stands before it, or −1; empty where none does. A
    /// segment that others go on from holds the beginning that they share.</summary>
    public int[] Parents { get; init; } = [];

    /// <summary>How many tokens it has.</summary>
    public int Length => Tokens.Length;

    /// <summary>How many segments it has.</summary>
    public int Segments => SegmentStarts.Length - 1;

    /// <summary>How many of its tokens are targets.</summary>
    public int TrainedTokens => Trained.AsSpan().Count(true);

    /// <summary>Puts pieces of examples one after another.</summary>
    /// <param name="examples">What the pieces are parts of.</param>
    /// <param name="pieces">The pieces, none empty.</param>
    /// <param name="oneSegment">Whether all of them make one segment; else each is its own.</param>
    public static PackedRow Of(
        IReadOnlyList<TrainingExample> examples, IReadOnlyList<PackedPiece> pieces, bool oneSegment = false)
    {
        var length = pieces.Sum(piece => piece.Length);
        var row = new PackedRow(
            new int[length], new bool[length], new int[length], new int[oneSegment ? 2 : pieces.Count + 1], pieces);
        var at = 0;
        foreach (var (i, piece) in pieces.Index())
        {
            var example = examples[piece.Example];
            example.Tokens.AsSpan(piece.Start, piece.Length).CopyTo(row.Tokens.AsSpan(at));
            example.Trained.AsSpan(piece.Start, piece.Length).CopyTo(row.Trained.AsSpan(at));
            at += piece.Length;
            row.SegmentStarts[oneSegment ? 1 : i + 1] = at;
        }

        for (var segment = 0; segment < row.Segments; segment++)
        {
            row.Trained[row.SegmentStarts[segment]] = false;
            for (var token = row.SegmentStarts[segment]; token < row.SegmentStarts[segment + 1]; token++)
            {
                row.Positions[token] = token - row.SegmentStarts[segment];
            }
        }

        return row;
    }

    /// <summary>Puts examples one after another, a beginning that some share before them.</summary>
    internal static PackedRow Of(IReadOnlyList<TrainingExample> examples, IReadOnlyList<PrefixBlock> blocks)
    {
        if (blocks.All(block => block.Shared == 0))
        {
            return Of(examples,
                [.. blocks.SelectMany(block => block.Examples).Select(i => new PackedPiece(i, 0, examples[i].Length))]);
        }

        var (pieces, parents) = (new List<PackedPiece>(), new List<int>());
        foreach (var block in blocks)
        {
            var parent = block.Shared == 0 ? -1 : pieces.Count;
            if (parent >= 0)
            {
                pieces.Add(new PackedPiece(block.First, 0, block.Shared));
                parents.Add(-1);
            }

            pieces.AddRange(
                block.Examples.Select(i => new PackedPiece(i, block.Shared, examples[i].Length - block.Shared)));
            parents.AddRange(Enumerable.Repeat(parent, block.Count));
        }

        var row = Of(examples, pieces) with { Parents = [.. parents] };
        foreach (var (segment, piece) in pieces.Index().Where(segment => parents[segment.Index] >= 0))
        {
            var start = row.SegmentStarts[segment];
            row.Trained[start] = examples[piece.Example].Trained[piece.Start];
            for (var token = 0; token < piece.Length; token++)
            {
                row.Positions[start + token] = piece.Start + token;
            }
        }

        return row;
    }

    /// <summary>Puts rows one after another, segments and all. Pieces keep the indices they had.</summary>
    public static PackedRow Join(IReadOnlyList<PackedRow> rows)
    {
        if (rows is [var only])
        {
            return only;
        }

        var (starts, parents) = (new List<int> { 0 }, new List<int>());
        foreach (var row in rows)
        {
            var (offset, first) = (starts[^1], starts.Count - 1);
            starts.AddRange(row.SegmentStarts.Skip(1).Select(start => offset + start));
            parents.AddRange(Enumerable.Range(0, row.Segments).Select(segment =>
                row.Parents is [] || row.Parents[segment] < 0 ? -1 : first + row.Parents[segment]));
        }

        return new PackedRow(
            [.. rows.SelectMany(row => row.Tokens)],
            [.. rows.SelectMany(row => row.Trained)],
            [.. rows.SelectMany(row => row.Positions)],
            [.. starts],
            [.. rows.SelectMany(row => row.Pieces)])
        {
            Parents = parents.TrueForAll(parent => parent < 0) ? [] : [.. parents],
        };
    }
}
