using Hone.Algorithms;
using Hone.Data;
using Hone.Models;
using Hone.Torch;

namespace Hone.Training.Updates;

/// <summary>Examples that go through the model together: packed, without padding, each a segment of its own, perhaps
/// after one that several share.</summary>
/// <param name="Examples">Each example's index in what the update was given, in the order of their segments.</param>
/// <param name="Tokens">The tokens, <c>[token]</c>.</param>
/// <param name="Places">Where the hidden state stands that predicts each target, <c>[target]</c> int64: one token
/// before it.</param>
/// <param name="Targets">The id of each target, <c>[target]</c> int64.</param>
/// <param name="Sequences">The targets of each example.</param>
/// <param name="TokenCount">Tokens that are computed.</param>
/// <param name="SequenceTokens">Tokens of all examples, each with all of its own.</param>
public sealed record MicroBatch(
    IReadOnlyList<int> Examples,
    TokenBatch Tokens,
    Tensor Places,
    Tensor Targets,
    Sequences Sequences,
    int TokenCount,
    int SequenceTokens)
{
    /// <summary>Makes the tensors of a packed row, in the open scope.</summary>
    public static MicroBatch Of(PackedRow row)
    {
        var (examples, lengths) = (new List<int>(), new List<int>());
        var count = row.TrainedTokens;
        var (places, targets) = (Tensor.Empty(DType.Int64, count), Tensor.Empty(DType.Int64, count));
        var place = places.AsSpan<long>();
        var target = targets.AsSpan<long>();
        var (sequenceTokens, at) = (0, 0);
        for (var segment = 0; segment < row.Segments; segment++)
        {
            if (row.Parents.Contains(segment))
            {
                continue; // a beginning that others go on from
            }

            var (start, end, before) = (row.SegmentStarts[segment], row.SegmentStarts[segment + 1], at);
            for (var token = start; token < end; token++)
            {
                if (row.Trained[token])
                {
                    place[at] = token > start ? token - 1 : row.SegmentStarts[row.Parents[segment] + 1] - 1;
                    target[at++] = row.Tokens[token];
                }
            }

            examples.Add(row.Pieces[segment].Example);
            lengths.Add(at - before);
            sequenceTokens += row.Positions[end - 1] + 1;
        }

        return new MicroBatch(
            examples,
            TokenBatch.Packed(row.Tokens, row.Positions, row.SegmentStarts) with { SegmentParents = row.Parents },
            places,
            targets,
            Sequences.OfLengths([.. lengths]),
            row.Length,
            sequenceTokens);
    }

    /// <summary>Divides the examples into parts with a bounded number of targets, of about equal size.</summary>
    /// <param name="targets">Targets of a part, at most; examples that belong together and have more are a part of
    /// their own.</param>
    /// <param name="together">How many examples that follow each other belong together.</param>
    public IEnumerable<MicroBatch> Parts(int targets, int together)
    {
        var wanted = (Sequences.Tokens + targets - 1) / targets;
        var even = (Sequences.Tokens + wanted - 1) / Math.Max(1, wanted);
        var first = 0;
        while (first < Examples.Count)
        {
            var count = together;
            while (first + count < Examples.Count && Fits(first, count, count + together, even, targets))
            {
                count += together;
            }

            yield return Part(first, count);
            first += count;
        }
    }

    /// <summary>One number for each target, taken from each example's own, <c>[target]</c>.</summary>
    /// <param name="ofExample">The numbers of an example, one for each of its targets.</param>
    public Tensor Column(Func<int, ReadOnlyMemory<float>> ofExample)
    {
        var column = Tensor.Empty(DType.Float32, Sequences.Tokens);
        var values = column.AsSpan<float>();
        var at = 0;
        foreach (var (segment, example) in Examples.Index())
        {
            ofExample(example).Span[..Sequences.Length(segment)].CopyTo(values[at..]);
            at += Sequences.Length(segment);
        }

        return column;
    }

    // Whether a part takes more examples: it is not full yet, and stays within what it may have.
    private bool Fits(int first, int count, int more, int even, int targets) =>
        Sequences.Start(first + count) - Sequences.Start(first) < even
        && Sequences.Start(first + more) - Sequences.Start(first) <= targets;

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
