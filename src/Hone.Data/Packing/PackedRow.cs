namespace Hone.Data;

/// <summary>Sequences one after another without padding. Attention stays inside each segment.</summary>
/// <param name="Tokens">The token ids, <c>[token]</c>.</param>
/// <param name="Trained">Whether each token is a target, <c>[token]</c>; the first of a segment never is.</param>
/// <param name="Positions">Each token's position in its segment, <c>[token]</c>.</param>
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

    /// <summary>Puts rows one after another, segments and all. Pieces keep the indices they had.</summary>
    public static PackedRow Join(IReadOnlyList<PackedRow> rows)
    {
        if (rows is [var only])
        {
            return only;
        }

        var starts = new List<int> { 0 };
        foreach (var row in rows)
        {
            var offset = starts[^1];
            starts.AddRange(row.SegmentStarts.Skip(1).Select(start => offset + start));
        }

        return new PackedRow(
            [.. rows.SelectMany(row => row.Tokens)],
            [.. rows.SelectMany(row => row.Trained)],
            [.. rows.SelectMany(row => row.Positions)],
            [.. starts],
            [.. rows.SelectMany(row => row.Pieces)]);
    }
}
