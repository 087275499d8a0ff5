namespace Hone.Data;

/// <summary>Examples that follow each other, and how many of their first tokens stand in a row once for all of
/// them.</summary>
/// <param name="First">The first example.</param>
/// <param name="Count">How many.</param>
/// <param name="Shared">Tokens that they share; 0 where each stands by itself.</param>
/// <param name="Cost">Tokens that they take in a row.</param>
public readonly record struct PrefixBlock(int First, int Count, int Shared, int Cost)
{
    /// <summary>The examples by index.</summary>
    public IEnumerable<int> Examples => Enumerable.Range(First, Count);

    /// <summary>Joins neighbours where that saves tokens, as long as a block fits into a micro-batch.</summary>
    /// <param name="examples">The examples.</param>
    /// <param name="rules">What belongs together, and how much must be shared.</param>
    public static IReadOnlyList<PrefixBlock> Of(IReadOnlyList<TrainingExample> examples, MicroBatchRules rules)
    {
        var blocks = new List<PrefixBlock>();
        for (var first = 0; first < examples.Count; first += rules.Together)
        {
            var block = Join(examples, first, rules.Together, rules.LeastShared);
            if (blocks is [.., var last] && rules.LeastShared > 0)
            {
                var both = Join(examples, last.First, last.Count + block.Count, rules.LeastShared);
                if (both.Cost < last.Cost + block.Cost && both.Cost <= rules.TokenBudget)
                {
                    blocks[^1] = both;
                    continue;
                }
            }

            blocks.Add(block);
        }

        return blocks;
    }

    private static PrefixBlock Join(IReadOnlyList<TrainingExample> examples, int first, int count, int leastShared)
    {
        var tokens = 0;
        var shared = count > 1 && leastShared > 0 ? int.MaxValue : 0;
        for (var i = first; i < first + count; i++)
        {
            tokens += examples[i].Length;
            shared = Math.Min(shared, Common(examples[first], examples[i], shared));
        }

        shared = shared < leastShared ? 0 : shared;
        return new PrefixBlock(first, count, shared, tokens - (shared * (count - 1)));
    }

    /// <summary>Tokens at the start of both that neither trains, leaving each at least one of its own.</summary>
    private static int Common(TrainingExample one, TrainingExample other, int most)
    {
        var limit = Math.Min(most, Math.Min(Untrained(one), Untrained(other)));
        return limit <= 0 ? 0 : one.Tokens.AsSpan(0, limit).CommonPrefixLength(other.Tokens.AsSpan(0, limit));
    }

    private static int Untrained(TrainingExample example)
    {
        var target = Array.IndexOf(example.Trained, true);
        return Math.Min(target < 0 ? example.Length : target, example.Length - 1);
    }
}
