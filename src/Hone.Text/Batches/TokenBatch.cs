namespace Hone.Text;

/// <summary>The token ids of many texts, one after the other.</summary>
/// <param name="Ids">All ids.</param>
/// <param name="Starts">Where the ids of each text begin, and at last where they end: one more than there are
/// texts.</param>
public sealed record TokenBatch(int[] Ids, int[] Starts)
{
    /// <summary>Number of texts.</summary>
    public int Count => Starts.Length - 1;

    /// <summary>The ids of a text.</summary>
    public ReadOnlySpan<int> this[int text] => Ids.AsSpan(Starts[text]..Starts[text + 1]);

    /// <summary>Encodes texts in parts, each on whatever processor is free, and joins the parts.</summary>
    internal static TokenBatch Of(Tokenizer tokenizer, IReadOnlyList<string> texts, bool addSpecialTokens)
    {
        const int TextsOfPart = 64;
        var parts = new List<int>[(texts.Count + TextsOfPart - 1) / TextsOfPart];
        var starts = new int[texts.Count + 1];
        BatchEncoder.ForEach(parts.Length, part =>
        {
            List<int> ids = [];
            for (var text = part * TextsOfPart; text < Math.Min(texts.Count, (part + 1) * TextsOfPart); text++)
            {
                var before = ids.Count;
                tokenizer.AppendIds(texts[text], addSpecialTokens, ids);
                starts[text + 1] = ids.Count - before;
            }

            parts[part] = ids;
        });
        for (var text = 0; text < texts.Count; text++)
        {
            starts[text + 1] = checked(starts[text + 1] + starts[text]);
        }

        var all = new int[starts[^1]];
        var at = 0;
        foreach (var part in parts)
        {
            part.CopyTo(all, at);
            at += part.Count;
        }

        return new TokenBatch(all, starts);
    }
}
