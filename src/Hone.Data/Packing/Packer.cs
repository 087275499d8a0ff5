namespace Hone.Data;

/// <summary>Packs sequences into rows without padding, exactly as TRL packs a data set.</summary>
public static class Packer
{
    /// <summary>Packs all examples.</summary>
    /// <param name="examples">The sequences; empty ones are left out.</param>
    /// <param name="length">Tokens in a row, at most.</param>
    /// <param name="strategy">How.</param>
    /// <param name="window">How many neighbouring examples are packed together: a bound on memory, and on how far
    /// packing changes the order.</param>
    /// <returns>The rows, whose pieces name the examples by index.</returns>
    public static IEnumerable<PackedRow> Pack(
        IReadOnlyList<TrainingExample> examples, int length, PackingStrategy strategy, int window = 1000)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(length);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(window);
        for (var start = 0; start < examples.Count; start += window)
        {
            var end = Math.Min(examples.Count, start + window);
            var bins = strategy switch
            {
                PackingStrategy.BestFit => BestFit.Pack(Cut(examples, start, end, length), length),
                PackingStrategy.BestFitSplit => BestFit.Pack(Split(examples, start, end, length), length),
                PackingStrategy.Wrapped => Wrap(examples, start, end, length),
                _ => throw new ArgumentOutOfRangeException(nameof(strategy), strategy, "no such packing strategy"),
            };
            foreach (var bin in bins)
            {
                yield return PackedRow.Of(examples, bin, oneSegment: strategy == PackingStrategy.Wrapped);
            }
        }
    }

    private static IEnumerable<PackedPiece> Cut(IReadOnlyList<TrainingExample> examples, int start, int end, int length)
    {
        for (var i = start; i < end; i++)
        {
            if (examples[i].Length > 0)
            {
                yield return new PackedPiece(i, 0, Math.Min(length, examples[i].Length));
            }
        }
    }

    private static IEnumerable<PackedPiece> Split(
        IReadOnlyList<TrainingExample> examples, int start, int end, int length)
    {
        for (var i = start; i < end; i++)
        {
            for (var at = 0; at < examples[i].Length; at += length)
            {
                yield return new PackedPiece(i, at, Math.Min(length, examples[i].Length - at));
            }
        }
    }

    private static IEnumerable<List<PackedPiece>> Wrap(
        IReadOnlyList<TrainingExample> examples, int start, int end, int length)
    {
        var (row, space) = (new List<PackedPiece>(), length);
        for (var i = start; i < end; i++)
        {
            for (var at = 0; at < examples[i].Length;)
            {
                var piece = new PackedPiece(i, at, Math.Min(space, examples[i].Length - at));
                row.Add(piece);
                (at, space) = (at + piece.Length, space - piece.Length);
                if (space == 0)
                {
                    yield return row;
                    (row, space) = ([], length);
                }
            }
        }

        if (row.Count > 0)
        {
            yield return row;
        }
    }
}
