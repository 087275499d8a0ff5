using Hone.Algorithms;
using Hone.Conformance.Goldens;

namespace Hone.Conformance.Checks.Rl;

/// <summary>Rows of a padded batch as the product has them: the counted tokens alone, one sequence after the
/// other.</summary>
internal sealed class PaddedBatch
{
    private readonly int _rows;
    private readonly int _columns;
    private readonly int[] _slots;

    private PaddedBatch(int columns, IReadOnlyList<bool[]> mask)
    {
        _rows = mask.Count;
        _columns = columns;
        _slots = [.. Enumerable.Range(0, _rows * columns).Where(slot => mask[slot / columns][slot % columns])];
        Sequences = Sequences.OfLengths([.. mask.Select(row => row.Count(counted => counted))]);
    }

    /// <summary>The rows as sequences of counted tokens.</summary>
    public Sequences Sequences { get; }

    /// <summary>The batch whose counted tokens are in both masks; only <paramref name="rows"/> of it.</summary>
    public static PaddedBatch Of(Field completionMask, Field? toolMask, Range rows)
    {
        var masks = completionMask.Items.Select((row, i) => Both(row, toolMask?.Items[i])).ToList();
        return new PaddedBatch(masks[0].Length, [.. masks.Take(rows)]);
    }

    /// <summary>The counted tokens of rows of columns, of one column, or of one number a row: <c>[token]</c>.</summary>
    public double[] Pack(IReadOnlyList<Field> rows)
    {
        var values = rows.Select(row => row.Numbers).ToArray();
        double InSlot(int slot) => values[slot / _columns] is [var single]
            ? single
            : values[slot / _columns][slot % _columns];
        return [.. _slots.Select(InSlot)];
    }

    /// <summary>The tokens back in their slots, row-major; zeros elsewhere.</summary>
    public double[] Unpack(double[] tokens)
    {
        var padded = new double[_rows * _columns];
        for (var i = 0; i < _slots.Length; i++)
        {
            padded[_slots[i]] = tokens[i];
        }

        return padded;
    }

    private static bool[] Both(Field completion, Field? tool)
    {
        var first = completion.Numbers;
        var second = tool?.Numbers;
        return [.. first.Select((value, i) => value != 0 && second?[i] != 0)];
    }
}
