using Hone.Torch;

namespace Hone.Models;

/// <summary>Tokens of several sequences, one after the other without padding.</summary>
/// <param name="Ids">The tokens, int64 <c>[token]</c>.</param>
/// <param name="Positions">Each token's position inside its segment, int64 <c>[token]</c>.</param>
/// <param name="SegmentStarts">Where each segment begins and the last one ends, int64 <c>[segment + 1]</c>.</param>
public sealed record TokenBatch(Tensor Ids, Tensor Positions, Tensor SegmentStarts)
{
    /// <summary>For each segment the one before it that it goes on from, or −1; empty where none does. The positions of
    /// its tokens go on as well.</summary>
    public IReadOnlyList<int> SegmentParents { get; init; } = [];

    /// <summary>The addresses of what adapters drop in training; null where nothing is dropped.</summary>
    public DropoutKey? Dropout { get; init; }

    /// <summary>Packs whole sequences; the tensors belong to the scope that is open.</summary>
    /// <param name="sequences">The tokens of each sequence; none of them empty.</param>
    public static TokenBatch Of(params ReadOnlySpan<int[]> sequences)
    {
        var starts = new long[sequences.Length + 1];
        for (var i = 0; i < sequences.Length; i++)
        {
            starts[i + 1] = starts[i] + sequences[i].Length;
        }

        var ids = new long[starts[^1]];
        var positions = new long[starts[^1]];
        for (var i = 0; i < sequences.Length; i++)
        {
            for (var t = 0; t < sequences[i].Length; t++)
            {
                ids[starts[i] + t] = sequences[i][t];
                positions[starts[i] + t] = t;
            }
        }

        return new TokenBatch(Tensor.From<long>(ids, ids.Length), Tensor.From<long>(positions, positions.Length),
            Tensor.From<long>(starts, starts.Length));
    }

    /// <summary>Takes over the arrays of a packed row; the tensors belong to the scope that is open.</summary>
    /// <param name="tokens">The tokens.</param>
    /// <param name="positions">Each token's position inside its segment.</param>
    /// <param name="segmentStarts">Where each segment begins and the last one ends.</param>
    public static TokenBatch Packed(
        ReadOnlySpan<int> tokens, ReadOnlySpan<int> positions, ReadOnlySpan<int> segmentStarts) =>
        new(Widen(tokens), Widen(positions), Widen(segmentStarts));

    private static Tensor Widen(ReadOnlySpan<int> values)
    {
        var wide = Tensor.Empty(DType.Int64, values.Length);
        var numbers = wide.AsSpan<long>();
        for (var i = 0; i < values.Length; i++)
        {
            numbers[i] = values[i];
        }

        return wide;
    }
}
