using Hone.Text.Pipeline;

namespace Hone.Text.Models;

/// <summary>The symbols of one piece while they merge.</summary>
/// <remarks>
/// Short pieces keep the rank of each neighbouring pair in an array and look for the smallest again after each merge.
/// Long ones use a linked list and a heap of rank and place, so that a megabyte without a cut takes n·log n, never n².
/// </remarks>
internal sealed class BpeWord(MergeTable merges)
{
    private const int LongestScanned = 64;

    private int[] _ids = new int[LongestScanned];
    private int[] _lengths = new int[LongestScanned];   // bytes of the piece; 0 once merged into the symbol before
    private int[] _next = [];
    private int[] _previous = [];
    private readonly PriorityQueue<int, ulong> _queue = new();
    private int _count;
    private int _unknown = -1;
    private int _unknownLength;

    /// <summary>Number of places; a symbol merged into one before it still has a place.</summary>
    public int Count => _count;

    /// <summary>The symbol at a place and its number of bytes, 0 once merged away.</summary>
    public (int Symbol, int Length) this[int index] => (_ids[index], _lengths[index]);

    /// <summary>Forgets all symbols.</summary>
    public void Clear()
    {
        _count = 0;
        _unknown = -1;
    }

    /// <summary>Adds a symbol that stands for <paramref name="length"/> bytes.</summary>
    public void Add(int id, int length)
    {
        if (_count == _ids.Length)
        {
            Array.Resize(ref _ids, _count * 2);
            Array.Resize(ref _lengths, _count * 2);
        }

        _ids[_count] = id;
        _lengths[_count++] = length;
    }

    /// <summary>Adds an unknown symbol, which waits until it is known whether it grows (see
    /// <see cref="EndUnknown"/>).</summary>
    public void AddUnknown(int id, int length, bool fuse)
    {
        if (_unknown >= 0 && fuse)
        {
            _unknownLength += length;
            return;
        }

        EndUnknown();
        _unknown = id;
        _unknownLength = length;
    }

    /// <summary>Adds the unknown symbol that waits, if one does.</summary>
    public void EndUnknown()
    {
        if (_unknown >= 0)
        {
            Add(_unknown, _unknownLength);
            _unknown = -1;
        }
    }

    /// <summary>Merges until no neighbouring pair has a merge.</summary>
    public void Merge()
    {
        if (_count <= LongestScanned)
        {
            MergeByScanning();
        }
        else
        {
            MergeByHeap();
        }
    }

    /// <summary>Adds the symbols to <paramref name="output"/>, the first one starting at byte
    /// <paramref name="origin"/>.</summary>
    public void CopyTo(TokenBuffer output, int origin)
    {
        for (var index = 0; index < _count; index++)
        {
            if (_lengths[index] > 0)
            {
                output.Add(_ids[index], origin, origin + _lengths[index]);
                origin += _lengths[index];
            }
        }
    }

    private void MergeByScanning()
    {
        Span<int> ranks = stackalloc int[LongestScanned];
        Span<int> results = stackalloc int[LongestScanned];
        for (var index = 0; index + 1 < _count; index++)
        {
            ranks[index] = merges.RankOf(_ids[index], _ids[index + 1], out results[index]);
        }

        while (_count > 1)
        {
            var pairs = ranks[..(_count - 1)];
            var best = 0;
            for (var index = 1; index < pairs.Length; index++)
            {
                best = pairs[index] < pairs[best] ? index : best;
            }

            if (pairs[best] == int.MaxValue)
            {
                return;
            }

            _ids[best] = results[best];
            _lengths[best] += _lengths[best + 1];
            RemoveAfter(best, ranks, results);
        }
    }

    private void RemoveAfter(int best, Span<int> ranks, Span<int> results)
    {
        var rest = _count - best - 2;
        _ids.AsSpan(best + 2, rest).CopyTo(_ids.AsSpan(best + 1));
        _lengths.AsSpan(best + 2, rest).CopyTo(_lengths.AsSpan(best + 1));
        _count--;
        if (rest > 0)
        {
            ranks.Slice(best + 2, rest - 1).CopyTo(ranks[(best + 1)..]);
            results.Slice(best + 2, rest - 1).CopyTo(results[(best + 1)..]);
            ranks[best] = merges.RankOf(_ids[best], _ids[best + 1], out results[best]);
        }

        if (best > 0)
        {
            ranks[best - 1] = merges.RankOf(_ids[best - 1], _ids[best], out results[best - 1]);
        }
    }

    private void MergeByHeap()
    {
        Link();
        _queue.Clear();
        for (var index = 0; index + 1 < _count; index++)
        {
            Enqueue(index);
        }

        while (_queue.TryDequeue(out var index, out var priority))
        {
            // Lazy deletion: the symbol may be gone, or another pair may begin here by now.
            var right = _next[index];
            if (_lengths[index] == 0 || right < 0
                || merges.RankOf(_ids[index], _ids[right], out var result) != (int)(priority >> 32))
            {
                continue;
            }

            _ids[index] = result;
            _lengths[index] += _lengths[right];
            _lengths[right] = 0;
            _next[index] = _next[right];
            if (_next[index] >= 0)
            {
                _previous[_next[index]] = index;
                Enqueue(index);
            }

            if (_previous[index] >= 0)
            {
                Enqueue(_previous[index]);
            }
        }
    }

    private void Link()
    {
        if (_next.Length < _count)
        {
            _next = new int[_ids.Length];
            _previous = new int[_ids.Length];
        }

        for (var index = 0; index < _count; index++)
        {
            _next[index] = index + 1 < _count ? index + 1 : -1;
            _previous[index] = index - 1;
        }
    }

    private void Enqueue(int index)
    {
        var rank = merges.RankOf(_ids[index], _ids[_next[index]], out _);
        if (rank != int.MaxValue)
        {
            _queue.Enqueue(index, ((ulong)(uint)rank << 32) | (uint)index);
        }
    }
}
