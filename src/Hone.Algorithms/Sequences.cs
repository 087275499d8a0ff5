using Hone.Torch;

namespace Hone.Algorithms;

/// <summary>Where each sequence begins among packed tokens, and sums over sequences.</summary>
/// <remarks>Tokens of a sequence follow each other; only those that a loss counts are here. A sequence may be
/// empty.</remarks>
public sealed class Sequences
{
    private readonly int[] _starts;

    /// <summary>Sequences that begin at <paramref name="starts"/>, <c>[sequence + 1]</c>, the last being the number of
    /// tokens.</summary>
    /// <exception cref="ArgumentException">The starts do not begin with 0 or fall.</exception>
    public Sequences(ReadOnlySpan<int> starts)
    {
        if (starts is not [0, ..])
        {
            throw new ArgumentException("starts: must begin with 0");
        }

        for (var i = 1; i < starts.Length; i++)
        {
            if (starts[i] < starts[i - 1])
            {
                throw new ArgumentException($"starts: must not fall, found {starts[i]} after {starts[i - 1]}");
            }
        }

        _starts = starts.ToArray();
    }

    /// <summary>Number of sequences.</summary>
    public int Count => _starts.Length - 1;

    /// <summary>Number of tokens of all sequences.</summary>
    public int Tokens => _starts[^1];

    /// <summary>Sequences of the given lengths, one after the other.</summary>
    public static Sequences OfLengths(params ReadOnlySpan<int> lengths)
    {
        var starts = new int[lengths.Length + 1];
        for (var i = 0; i < lengths.Length; i++)
        {
            starts[i + 1] = starts[i] + lengths[i];
        }

        return new Sequences(starts);
    }

    /// <summary>The first token of a sequence, or the number of tokens for the one after the last.</summary>
    public int Start(int sequence) => _starts[sequence];

    /// <summary>Some sequences that follow each other, their tokens counted from 0.</summary>
    public Sequences Range(int first, int count) =>
        OfLengths([.. Enumerable.Range(first, count).Select(Length)]);

    /// <summary>Number of tokens of a sequence.</summary>
    public int Length(int sequence) => _starts[sequence + 1] - _starts[sequence];

    /// <summary>Σ over each sequence: <c>[token]</c> gives <c>[sequence]</c>; 0 for an empty one.</summary>
    public Tensor Sum(Tensor values)
    {
        using var scope = TensorScope.Open();
        var zeros = Tensor.Zeros(values.DType, Count);                              // [sequence]
        return scope.Keep(zeros.IndexAdd(0, SequenceOfToken(), values));
    }

    /// <summary>Mean over each sequence: <c>[token]</c> gives <c>[sequence]</c>; 0 for an empty one.</summary>
    public Tensor Mean(Tensor values)
    {
        using var scope = TensorScope.Open();
        var lengths = Enumerable.Range(0, Count).Select(i => Math.Max(1.0, Length(i))).ToArray();
        return scope.Keep(Sum(values) / Tensor.Of<double>(lengths).To(values.DType));
    }

    /// <summary>Gives each token the value of its sequence: <c>[sequence]</c> gives <c>[token]</c>.</summary>
    public Tensor Spread(Tensor values)
    {
        using var scope = TensorScope.Open();
        return scope.Keep(values.IndexSelect(0, SequenceOfToken()));
    }

    private Tensor SequenceOfToken()
    {
        var owners = Tensor.Empty(DType.Int64, Tokens);
        var numbers = owners.AsSpan<long>();
        for (var i = 0; i < Count; i++)
        {
            numbers.Slice(_starts[i], Length(i)).Fill(i);
        }

        return owners;
    }
}
