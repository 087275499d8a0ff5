using Hone.Algorithms;
using Hone.Data;
using Hone.Models;
using Hone.Torch;

namespace Hone.Training.Updates;

/// <summary>Examples that go through the model together: packed, without padding, each a segment of its own.</summary>
/// <param name="Examples">Each example's index in what the update was given, in the order of the segments.</param>
/// <param name="Tokens">The tokens, <c>[token]</c>.</param>
/// <param name="Places">Where the hidden state stands that predicts each target, <c>[target]</c> int64: one token before it.</param>
/// <param name="Targets">The id of each target, <c>[target]</c> int64.</param>
/// <param name="Sequences">The targets of each example.</param>
/// <param name="TokenCount">Tokens in all.</param>
public sealed record MicroBatch(
    IReadOnlyList<int> Examples,
    TokenBatch Tokens,
    Tensor Places,
    Tensor Targets,
    Sequences Sequences,
    int TokenCount)
{
    /// <summary>Makes the tensors of a packed row, in the open scope.</summary>
    public static MicroBatch Of(PackedRow row)
    {
        var places = new List<long>(row.TrainedTokens);
        var targets = new List<long>(row.TrainedTokens);
        var lengths = new int[row.Segments];
        for (var segment = 0; segment < row.Segments; segment++)
        {
            for (var token = row.SegmentStarts[segment] + 1; token < row.SegmentStarts[segment + 1]; token++)
            {
                if (row.Trained[token])
                {
                    places.Add(token - 1);
                    targets.Add(row.Tokens[token]);
                    lengths[segment]++;
                }
            }
        }

        return new MicroBatch(
            [.. row.Pieces.Select(piece => piece.Example)],
            TokenBatch.Packed(row.Tokens, row.Positions, row.SegmentStarts),
            Tensor.Of<long>([.. places]),
            Tensor.Of<long>([.. targets]),
            Sequences.OfLengths(lengths),
            row.Length);
    }

    /// <summary>Divides the examples into parts with a bounded number of targets, of about equal size.</summary>
    /// <param name="targets">Targets of a part, at most; an example that has more is a part of its own.</param>
    public IEnumerable<MicroBatch> Parts(int targets)
    {
        var wanted = (Sequences.Tokens + targets - 1) / Math.Max(1, targets);
        var even = (Sequences.Tokens + wanted - 1) / Math.Max(1, wanted);
        var first = 0;
        while (first < Examples.Count)
        {
            var count = 1;
            while (first + count < Examples.Count && Fits(first, count, even, targets))
            {
                count++;
            }

            yield return Part(first, count);
            first += count;
        }
    }

    /// <summary>One number for each target, taken from each example's own, <c>[target]</c>.</summary>
    /// <param name="ofExample">The numbers of an example, one for each of its targets.</param>
    public Tensor Column(Func<int, ReadOnlyMemory<float>> ofExample)
    {
        var values = new float[Sequences.Tokens];
        var at = 0;
        foreach (var (segment, example) in Examples.Index())
        {
            ofExample(example).Span[..Sequences.Length(segment)].CopyTo(values.AsSpan(at));
            at += Sequences.Length(segment);
        }

        return Tensor.Of<float>(values);
    }

    // Whether a part of so many examples takes one more: it is not full yet, and stays within what it may have.
    private bool Fits(int first, int count, int even, int targets) =>
        Sequences.Start(first + count) - Sequences.Start(first) < even
        && Sequences.Start(first + count + 1) - Sequences.Start(first) <= targets;

    private MicroBatch Part(int first, int count)
    {
        var (start, length) = (Sequences.Start(first), Sequences.Start(first + count) - Sequences.Start(first));
        return this with
        {
            Examples = [.. Examples.Skip(first).Take(count)],
            Places = Places.Narrow(0, start, length),
            Targets = Targets.Narrow(0, start, length),
            Sequences = Sequences.Range(first, count),
        };
    }
}
