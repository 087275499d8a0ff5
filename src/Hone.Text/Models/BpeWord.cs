using System.Runtime.CompilerServices;
using Hone.Text.Pipeline;

namespace Hone.Text.Models;

/// <summary>The symbols of one piece while they merge.</summary>
/// <remarks>
/// Short pieces (see <see cref="ShortMerging"/>) keep the rank of each neighbouring pair in a register, less short ones
/// in an array, and look for the smallest again after each merge. In long ones the symbols are a linked list and the
/// ranks a heap, so that a megabyte without a cut takes n·log n, never n².
/// </remarks>
internal sealed class BpeWord(MergeTable merges)
{
    private const int LongestScanned = 64;

    private int[] _ids = new int[LongestScanned];
    private int[] _lengths = new int[LongestScanned];   // bytes of the piece; 0 once merged into the symbol before
    private int[] _next = [];
    private int[] _previous = [];
    private int[] _ranks = [];                          // of the merge with the next symbol
    private readonly MergeQueue _queue = new();
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
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
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
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
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
        if (_count <= ShortMerging.MostSymbols)
        {
            _count = ShortMerging.Merge(merges, _ids.AsSpan(0, _count), _lengths.AsSpan(0, _count));
        }
        else if (_count <= LongestScanned)
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
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
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

    // Symbols move up into each gap: a short row is sooner moved than found one's way in.
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void MergeByScanning()
    {
        var count = _count;
        var ids = _ids.AsSpan(0, count);
        var lengths = _lengths.AsSpan(0, count);
        Span<int> ranks = stackalloc int[LongestScanned];       // of each symbol's merge with the next one
        for (var index = 0; index + 1 < count; index++)
        {
            ranks[index] = merges.RankOf(ids[index], ids[index + 1]);
        }

        while (true)
        {
            var (best, place) = (MergeTable.NoRank, 0);
            for (var index = 0; index + 1 < count; index++)
            {
                (best, place) = ranks[index] < best ? (ranks[index], index) : (best, place);
            }

            if (best == MergeTable.NoRank)
            {
                _count = count;
                return;
            }

            ids[place] = merges.ResultOf(ids[place], ids[place + 1], best);
            lengths[place] += lengths[place + 1];
            count--;
            for (var index = place + 1; index < count; index++)
            {
                (ids[index], lengths[index], ranks[index]) = (ids[index + 1], lengths[index + 1], ranks[index + 1]);
            }

            if (place + 1 < count)
            {
                ranks[place] = merges.RankOf(ids[place], ids[place + 1]);
            }

            if (place > 0)
            {
                ranks[place - 1] = merges.RankOf(ids[place - 1], ids[place]);
            }
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void MergeByHeap()
    {
        Link();
        _queue.Clear();
        for (var index = 0; index + 1 < _count; index++)
        {
            Enqueue(index);
        }

        while (_queue.TryTake(out var rank, out var place))
        {
            // Lazy deletion: the symbol may be gone, or another pair may begin here by now.
            if (_lengths[place] == 0 || _ranks[place] != rank)
            {
                continue;
            }

            Join(place, merges.ResultOf(_ids[place], _ids[_next[place]], rank));
            Enqueue(place);
            if (_previous[place] >= 0)
            {
                Enqueue(_previous[place]);
            }
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void Enqueue(int place)
    {
        var right = _next[place];
        _ranks[place] = right < 0 ? MergeTable.NoRank : merges.RankOf(_ids[place], _ids[right]);
        if (_ranks[place] != MergeTable.NoRank)
        {
            _queue.Add(_ranks[place], place);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private void Join(int place, int result)
    {
        var right = _next[place];
        _ids[place] = result;
        _lengths[place] += _lengths[right];
        _lengths[right] = 0;
        _next[place] = _next[right];
        if (_next[place] >= 0)
        {
            _previous[_next[place]] = place;
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private void Link()
    {
        if (_next.Length < _count)
        {
            (_next, _previous, _ranks) = (new int[_ids.Length], new int[_ids.Length], new int[_ids.Length]);
        }

        for (var index = 0; index < _count; index++)
        {
            _next[index] = index + 1 < _count ? index + 1 : -1;
            _previous[index] = index - 1;
        }
    }
}
