using Hone.Algorithms;
using Hone.Conformance.Goldens;
using Hone.Torch;

namespace Hone.Conformance.Checks.Preference;

/// <summary>A recorded batch of pairs as the product has it: the answers' tokens alone, each chosen answer before its
/// rejected one.</summary>
/// <remarks>Records have all chosen rows, then all rejected ones; entry t of a row of log-probs belongs to entry t + 1
/// of the mask.</remarks>
internal sealed class PairBatch
{
    private readonly int[] _slots;
    private readonly int _columns;
    private readonly int _count;

    public PairBatch(Field inputs)
    {
        var mask = inputs["completion_mask"].Items.Select(row => row.Numbers).ToArray();
        (_columns, _count) = (mask[0].Length - 1, mask.Length);
        int[] order = [.. Enumerable.Range(0, _count / 2).SelectMany(pair => new[] { pair, (_count / 2) + pair })];
        int[] Tokens(int row) =>
            [.. Enumerable.Range(0, _columns).Where(t => mask[row][t + 1] != 0).Select(t => (row * _columns) + t)];
        var rows = order.Select(Tokens).ToArray();
        _slots = [.. rows.SelectMany(row => row)];
        Sequences = Sequences.OfLengths([.. rows.Select(row => row.Length)]);
    }

    /// <summary>The answers.</summary>
    public Sequences Sequences { get; }

    /// <summary>The answers' tokens of rows, <c>[token]</c>.</summary>
    public Tensor Tokens(Field rows)
    {
        var values = rows.Items.SelectMany(row => row.Numbers).ToArray();
        return Tensor.Of<double>([.. _slots.Select(slot => values[slot])]);
    }

    /// <summary>What was recorded of whole answers, all chosen ones and all rejected ones, at the first token of each;
    /// <c>[token]</c>.</summary>
    public Tensor Sums(Field chosen, Field rejected)
    {
        var sums = chosen.Numbers.Zip(rejected.Numbers, (one, other) => new[] { one, other })
            .SelectMany(pair => pair).ToArray();
        var values = new double[Sequences.Tokens];
        for (var answer = 0; answer < sums.Length; answer++)
        {
            values[Sequences.Start(answer)] = sums[answer];
        }

        return Tensor.Of<double>(values);
    }

    /// <summary>The tokens back in their places, zeros elsewhere.</summary>
    public double[] Unpack(double[] tokens)
    {
        var values = new double[_count * _columns];
        for (var i = 0; i < _slots.Length; i++)
        {
            values[_slots[i]] = tokens[i];
        }

        return values;
    }
}
