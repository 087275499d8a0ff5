namespace Hone.Data;

/// <summary>Which row comes when: a pure function of the seed and the cursor, so a resumed run goes on where it
/// was.</summary>
/// <remarks>
/// An epoch has as many items as all sources have rows. A source whose share of them is k takes, in epoch e, the items
/// e·k … e·k + k − 1 of an endless row of its own passes, each shuffled anew: so it repeats no row before it has shown
/// all, whatever its weight. Without weights every row occurs exactly once an epoch.
/// </remarks>
public sealed class DataOrder
{
    private readonly ulong _seed;
    private readonly bool _shuffle;
    private readonly long[] _rows;
    private readonly long[] _starts;

    /// <summary>The order of one source.</summary>
    /// <param name="rows">How many rows it has; at least one.</param>
    /// <param name="seed">The run's seed.</param>
    /// <param name="shuffle">Whether each epoch is shuffled; else rows come as they are in their file.</param>
    public DataOrder(long rows, ulong seed, bool shuffle = true)
        : this([new SourceShare(rows, 1)], seed, shuffle)
    {
    }

    /// <summary>The order of a mixture.</summary>
    /// <param name="sources">At least one. Weights proportional to the rows give each row once an epoch.</param>
    /// <param name="seed">The run's seed.</param>
    /// <param name="shuffle">Whether each epoch is shuffled; else one source comes after the other.</param>
    /// <exception cref="DataException">A source is empty, or a weight is not a positive number.</exception>
    public DataOrder(IReadOnlyList<SourceShare> sources, ulong seed, bool shuffle = true)
    {
        (_seed, _shuffle) = (seed, shuffle);
        _rows = new long[sources.Count];
        var weights = new double[sources.Count];
        var total = 0L;
        for (var i = 0; i < sources.Count; i++)
        {
            (_rows[i], weights[i]) = (sources[i].Rows, sources[i].Weight);
            total = checked(total + _rows[i]);
            if (_rows[i] <= 0)
            {
                throw new DataException($"data[{i}]: a source must have at least one row, got {_rows[i]}");
            }
        }

        if (Array.FindIndex(weights, weight => !(weight > 0 && double.IsFinite(weight))) is >= 0 and var odd)
        {
            throw new DataException($"data[{odd}].weight: must be more than 0, got {weights[odd]}");
        }

        _starts = new long[_rows.Length + 1];
        var shares = weights is [_] ? [total] : Shares(total, weights);
        for (var i = 0; i < shares.Length; i++)
        {
            _starts[i + 1] = _starts[i] + shares[i];
        }
    }

    /// <summary>Items in an epoch.</summary>
    public long EpochLength => _starts[^1];

    /// <summary>How many items of an epoch a source provides.</summary>
    public long ShareOf(int source) => _starts[source + 1] - _starts[source];

    /// <summary>The row at a cursor.</summary>
    public RowAddress At(DataCursor cursor)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(cursor.Epoch);
        var slot = _shuffle ? new Permutation(_seed, cursor.Epoch, EpochLength)[cursor.Position] : cursor.Position;
        var source = Array.BinarySearch(_starts, slot);
        source = source < 0 ? ~source - 1 : LastAt(source);
        var drawn = checked((cursor.Epoch * ShareOf(source)) + slot - _starts[source]);
        var (pass, index) = Math.DivRem(drawn, _rows[source]);
        var seed = Mixing.Combine(_seed, (ulong)source + 1);
        return new RowAddress(source, _shuffle ? new Permutation(seed, pass, _rows[source])[index] : index);
    }

    /// <summary>The cursor after <paramref name="count"/> more items.</summary>
    public DataCursor Advance(DataCursor cursor, long count = 1)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(count);
        var (epochs, position) = Math.DivRem(checked(cursor.Position + count), EpochLength);
        return new DataCursor(cursor.Epoch + epochs, position);
    }

    /// <summary>The next <paramref name="count"/> rows from a cursor on, across the ends of epochs.</summary>
    public IEnumerable<RowAddress> Take(DataCursor cursor, int count)
    {
        for (var i = 0; i < count; i++)
        {
            yield return At(Advance(cursor, i));
        }
    }

    /// <summary>The rows of a step, counted from 1, of an order of one source: a function of its number, so that there
    /// is nothing to save for a resumed run.</summary>
    public int[] RowsOfStep(int step, int rowsPerStep) =>
        [.. Take(Advance(default, (step - 1L) * rowsPerStep), rowsPerStep).Select(row => checked((int)row.Index))];

    /// <summary>The source that a slot at the start of one or more (empty) shares belongs to.</summary>
    private int LastAt(int source)
    {
        while (_starts[source + 1] == _starts[source])
        {
            source++;
        }

        return source;
    }

    /// <summary>Divides the total by weights in whole numbers: what is left over goes to the largest
    /// remainders.</summary>
    private static long[] Shares(long total, double[] weights)
    {
        var sum = weights.Sum();
        var exact = weights.Select(weight => total * (weight / sum)).ToArray();
        var shares = exact.Select(share => (long)Math.Floor(share)).ToArray();
        var left = (int)(total - shares.Sum());
        foreach (var i in Enumerable.Range(0, shares.Length).OrderByDescending(i => exact[i] - shares[i]).Take(left))
        {
            shares[i]++;
        }

        return shares;
    }
}
