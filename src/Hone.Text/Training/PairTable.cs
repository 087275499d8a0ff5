using System.Runtime.InteropServices;

namespace Hone.Text.Training;

/// <summary>The pairs of neighbouring tokens: how often each occurs, in which words, and which one is next.</summary>
internal sealed class PairTable
{
    private readonly Dictionary<long, PairUse> _uses = [];
    private readonly PriorityQueue<(long Pair, long Count), (long Count, long Pair)> _queue = new(new MostFrequent());

    /// <summary>Both ids as one number; the smaller number is the smaller left id, then the smaller right id.</summary>
    public static long Key(int left, int right) => ((long)left << 32) | (uint)right;

    /// <summary>Counts occurrences of a pair in a word.</summary>
    /// <returns>The pair's use, to be queued once its count stands.</returns>
    public PairUse Add(long pair, long count, int word)
    {
        ref var use = ref CollectionsMarshal.GetValueRefOrAddDefault(_uses, pair, out var exists);
        if (!exists)
        {
            use = new PairUse { Pair = pair };
        }

        use!.Count += count;
        use.AddWord(word);
        return use;
    }

    /// <summary>Takes occurrences of a pair away.</summary>
    public void Remove(long pair, long count)
    {
        if (_uses.TryGetValue(pair, out var use))
        {
            use.Count -= count;
        }
    }

    /// <summary>Puts all pairs into the queue.</summary>
    public void QueueAll()
    {
        foreach (var use in _uses.Values)
        {
            Queue(use);
        }
    }

    /// <summary>Puts a pair into the queue with the count that it has now.</summary>
    public void Queue(PairUse use)
    {
        if (use.Count > 0)
        {
            _queue.Enqueue((use.Pair, use.Count), (use.Count, use.Pair));
        }
    }

    /// <summary>Takes out the most frequent pair; of several the one with the smallest ids.</summary>
    /// <returns>Null where there is no pair left.</returns>
    public PairUse? TakeMostFrequent()
    {
        while (_queue.TryDequeue(out var entry, out _))
        {
            if (!_uses.TryGetValue(entry.Pair, out var use) || use.Count > entry.Count)
            {
                continue;
            }

            if (use.Count == entry.Count)
            {
                _uses.Remove(entry.Pair);
                return use;
            }

            Queue(use);
        }

        return null;
    }

    private sealed class MostFrequent : IComparer<(long Count, long Pair)>
    {
        public int Compare((long Count, long Pair) x, (long Count, long Pair) y) =>
            x.Count != y.Count ? y.Count.CompareTo(x.Count) : x.Pair.CompareTo(y.Pair);
    }
}

/// <summary>Where a pair occurs.</summary>
internal sealed class PairUse
{
    private int[] _words = new int[2];
    private int _count;

    /// <summary>The pair, as <see cref="PairTable.Key"/> has it.</summary>
    public required long Pair { get; init; }

    /// <summary>How often it occurs.</summary>
    public long Count { get; set; }

    /// <summary>Words in which it occurred; one may stand here twice, and may have lost the pair since.</summary>
    public ReadOnlySpan<int> Words => _words.AsSpan(0, _count);

    /// <summary>Whether it is among the pairs that the merge at hand brought forth.</summary>
    public bool IsFresh { get; set; }

    /// <summary>Notes a word.</summary>
    public void AddWord(int word)
    {
        if (_count > 0 && _words[_count - 1] == word)
        {
            return;
        }

        if (_count == _words.Length)
        {
            Array.Resize(ref _words, _count * 2);
        }

        _words[_count++] = word;
    }
}
