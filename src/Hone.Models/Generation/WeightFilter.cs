using System.Numerics.Tensors;

namespace Hone.Models.Generation;

/// <summary>Sets the weights of tokens that cannot be chosen to zero: top-k, top-p, min-p, in that order.</summary>
/// <remarks>
/// The place where the likeliest tokens end is found through a histogram over the upper bits of the weights; only the
/// one bucket that it falls into is sorted.
/// </remarks>
/// <param name="vocabularySize">Length of a row.</param>
internal sealed class WeightFilter(int vocabularySize)
{
    // The exponent and 4 bits of the mantissa of a number in [0, 1]: 16 buckets for each power of two.
    private const int Shift = 19;
    private const int Buckets = (0x3F800000 >> Shift) + 1;

    private readonly int[] _counts = new int[Buckets];
    private readonly double[] _masses = new double[Buckets];
    private readonly int[] _members = new int[vocabularySize];
    private readonly float[] _keys = new float[vocabularySize];

    /// <summary>Applies the filters to weights in [0, 1], the greatest of which is 1.</summary>
    /// <returns>The sum of what is left.</returns>
    public double Apply(Span<float> weights, SamplingOptions options)
    {
        if (options.TopK > 0 && options.TopK < weights.Length)
        {
            KeepCount(weights, options.TopK);
        }

        if (options.TopP < 1)
        {
            KeepMass(weights, options.TopP);
        }

        if (options.MinP > 0)
        {
            KeepFrom(weights, (float)options.MinP);
        }

        return Sum(weights);
    }

    /// <summary>The sum of many small numbers, in double precision between blocks.</summary>
    public static double Sum(ReadOnlySpan<float> weights)
    {
        const int block = 512;
        var sum = 0.0;
        for (var start = 0; start < weights.Length; start += block)
        {
            sum += TensorPrimitives.Sum(weights.Slice(start, Math.Min(block, weights.Length - start)));
        }

        return sum;
    }

    private void KeepCount(Span<float> weights, int count)
    {
        Fill(weights);
        var bucket = Buckets - 1;
        var above = 0;
        while (bucket > 0 && above + _counts[bucket] < count)
        {
            above += _counts[bucket--];
        }

        var members = SortedMembers(weights, bucket);
        KeepFrom(weights, members.Length == 0 ? 0 : weights[members[Math.Min(count - above, members.Length) - 1]]);
    }

    private void KeepMass(Span<float> weights, double part)
    {
        Fill(weights);
        var mass = part * _masses.Sum();
        var bucket = Buckets - 1;
        var above = 0.0;
        while (bucket > 0 && above + _masses[bucket] < mass)
        {
            above += _masses[bucket--];
        }

        // Of equal weights those of higher ids stay: the order of the reference, which sorts upwards.
        var members = SortedMembers(weights, bucket);
        var kept = 0;
        while (kept < members.Length && (above < mass || (kept == 0 && above == 0)))
        {
            above += weights[members[kept++]];
        }

        var lowest = BitConverter.Int32BitsToSingle(bucket << Shift);
        foreach (var dropped in members[kept..])
        {
            weights[dropped] = 0;
        }

        KeepFrom(weights, lowest);
    }

    private static void KeepFrom(Span<float> weights, float least)
    {
        for (var i = 0; i < weights.Length; i++)
        {
            weights[i] = weights[i] >= least ? weights[i] : 0;
        }
    }

    private void Fill(ReadOnlySpan<float> weights)
    {
        Array.Clear(_counts);
        Array.Clear(_masses);
        foreach (var weight in weights)
        {
            var bucket = BitConverter.SingleToInt32Bits(weight) >> Shift;
            _counts[bucket]++;
            _masses[bucket] += weight;
        }
    }

    // Ids of a bucket by falling weight, and by falling id among equals.
    private ReadOnlySpan<int> SortedMembers(ReadOnlySpan<float> weights, int bucket)
    {
        var count = 0;
        for (var i = weights.Length - 1; i >= 0; i--)
        {
            if (BitConverter.SingleToInt32Bits(weights[i]) >> Shift == bucket)
            {
                _keys[count] = weights[i];
                _members[count++] = i;
            }
        }

        var members = _members.AsSpan(0, count);
        _keys.AsSpan(0, count).Sort(members, static (left, right) => right.CompareTo(left));
        StabiliseEquals(_keys.AsSpan(0, count), members);
        return members;
    }

    private static void StabiliseEquals(ReadOnlySpan<float> keys, Span<int> members)
    {
        for (var start = 0; start < keys.Length;)
        {
            var end = start + 1;
            while (end < keys.Length && keys[end] == keys[start])
            {
                end++;
            }

            if (end - start > 1)
            {
                members[start..end].Sort(static (left, right) => right.CompareTo(left));
            }

            start = end;
        }
    }
}
