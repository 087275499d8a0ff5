using System.Buffers;

namespace Hone.Text;

/// <summary>The token ids of many texts, one after the other.</summary>
/// <param name="Ids">All ids.</param>
/// <param name="Starts">Where the ids of each text begin, and at last where they end: one more than there are
/// texts.</param>
public sealed record TokenBatch(int[] Ids, int[] Starts)
{
    // Characters of a part: at most so many, so that its tokens stay near; and at least, so that it is worth a turn.
    private const int LargestPart = 1 << 18;
    private const int SmallestPart = 1 << 14;

    // So many parts for each processor let all of them end at about the same time.
    private const int PartsOfProcessor = 8;

    /// <summary>Number of texts.</summary>
    public int Count => Starts.Length - 1;

    /// <summary>The ids of a text.</summary>
    public ReadOnlySpan<int> this[int text] => Ids.AsSpan(Starts[text]..Starts[text + 1]);

    /// <summary>Encodes texts in parts, each on whatever processor is free, and joins the parts.</summary>
    internal static TokenBatch Of(Tokenizer tokenizer, IReadOnlyList<string> texts, bool addSpecialTokens)
    {
        var ranges = Cut(texts);
        var parts = new ArraySegment<int>[ranges.Count];
        var starts = new int[texts.Count + 1];
        BatchEncoder.ForEach(parts.Length, part =>
        {
            var (first, end) = ranges[part];
            parts[part] = tokenizer.RentIds(
                texts, ranges[part], addSpecialTokens, starts.AsSpan(first + 1, end - first));
        });
        for (var text = 0; text < texts.Count; text++)
        {
            starts[text + 1] = checked(starts[text + 1] + starts[text]);
        }

        var all = GC.AllocateUninitializedArray<int>(starts[^1]);
        for (var part = 0; part < parts.Length; part++)
        {
            parts[part].AsSpan().CopyTo(all.AsSpan(starts[ranges[part].First]));
            ArrayPool<int>.Shared.Return(parts[part].Array!);
        }

        return new TokenBatch(all, starts);
    }

    private static List<(int First, int End)> Cut(IReadOnlyList<string> texts)
    {
        var total = 0L;
        for (var text = 0; text < texts.Count; text++)
        {
            total += texts[text].Length;
        }

        var size = Math.Clamp(total / (PartsOfProcessor * Environment.ProcessorCount), SmallestPart, LargestPart);
        List<(int First, int End)> ranges = [];
        var (first, held) = (0, 0L);
        for (var text = 0; text < texts.Count; text++)
        {
            held += texts[text].Length;
            if (held >= size || text == texts.Count - 1)
            {
                ranges.Add((first, text + 1));
                (first, held) = (text + 1, 0);
            }
        }

        return ranges;
    }
}
