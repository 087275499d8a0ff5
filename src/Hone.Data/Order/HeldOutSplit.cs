namespace Hone.Data;

/// <summary>Rows to train on and rows to keep for measuring.</summary>
/// <param name="Training">In the order they came.</param>
/// <param name="HeldOut">In the order they came.</param>
public sealed record HeldOutSplit(IReadOnlyList<Row> Training, IReadOnlyList<Row> HeldOut)
{
    /// <summary>Holds out a share of the rows by chance. Which rows does not depend on their order, and rows of equal
    /// content always stay together, so that none is measured that was trained on.</summary>
    /// <param name="rows">All rows.</param>
    /// <param name="share">The share to hold out, between 0 and 1. The number of rows is rounded; equal rows may add to
    /// it.</param>
    /// <param name="seed">The run's seed.</param>
    /// <exception cref="DataException">One side would be empty.</exception>
    public static HeldOutSplit Of(IReadOnlyList<Row> rows, double share, ulong seed)
    {
        if (!(share > 0 && share < 1))
        {
            throw new DataException($"held_out: must be more than 0 and less than 1, got {share}");
        }

        var keys = rows.Select(row => Mixing.Combine(seed, RowKey.Of(row))).ToArray();
        var ranked = keys.Order().ToArray();
        var count = (int)Math.Round(share * rows.Count);
        var limit = count > 0 ? ranked[count - 1] : 0;
        var split = rows.Zip(keys).ToLookup(pair => count > 0 && pair.Second <= limit, pair => pair.First);
        return split[true].Any() && split[false].Any()
            ? new HeldOutSplit([.. split[false]], [.. split[true]])
            : throw new DataException(
                $"held_out: a share of {share} of {rows.Count} rows must leave rows on both sides, "
                + $"got {split[true].Count()} held out");
    }
}
