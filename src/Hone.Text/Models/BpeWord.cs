using System.Runtime.CompilerServices;
using Hone.Text.Pipeline;

namespace Hone.Text.Models;

/// <summary>The symbols of one piece while they merge.</summary>
/// <remarks>
/// The symbols are a linked list. Short pieces keep the rank of each neighbouring pair in an array and look for the
/// smallest again after each merge; long ones have a heap of them, so that a megabyte without a cut takes n·log n,
/// never n².
/// </remarks>
internal sealed class BpeWord(MergeTable merges)
{
    private const int LongestScanned = 64;
    private const int PlaceBits = 6;
    private const uint NoMerge = uint.MaxValue;

    private int[] _ids = new int[LongestScanned];
    private int[] _lengths = new int[LongestScanned];   // bytes of the piece; 0 once merged into the symbol before
    private int[] _next = new int[LongestScanned];
    private int[] _previous = new int[LongestScanned];
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

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void MergeByScanning()
    {
        Link();
        Span<uint> waiting = stackalloc uint[LongestScanned];   // rank and place of each pair's merge
        Span<int> found = stackalloc int[LongestScanned];       // and the merge itself
        waiting = waiting[.._count];
        for (var index = 0; index < waiting.Length; index++)
        {
            waiting[index] = Look(index, found);
        }

        while (true)
        {
            var best = NoMerge;
            foreach (var merge in waiting)
            {
                best = Math.Min(best, merge);
            }

            if (best == NoMerge)
            {
                return;
            }

            var place = (int)(best & (LongestScanned - 1));
            waiting[_next[place]] = NoMerge;
            Join(place, merges.ResultAt(found[place]));
            waiting[place] = Look(place, found);
            if (_previous[place] is >= 0 and var before)
            {
                waiting[before] = Look(before, found);
            }
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private uint Look(int place, Span<int> found)
    {
        var right = _next[place];
        if (right < 0)
        {
            return NoMerge;
        }

        var merge = merges.Find(_ids[place], _ids[right]);
        found[place] = merge;
        return merge == MergeTable.None ? NoMerge : ((uint)merges.RankAt(merge) << PlaceBits) | (uint)place;
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

            Join(place, merges.ResultAt(merges.Find(_ids[place], _ids[_next[place]])));
            Enqueue(place);
            if (_previous[place] >= 0)
            {
                Enqueue(_previous[place]);
            }
        }
    }

    private void Enqueue(int place)
    {
        var right = _next[place];
        var merge = right < 0 ? MergeTable.None : merges.Find(_ids[place], _ids[right]);
        _ranks[place] = merge == MergeTable.None ? int.MaxValue : merges.RankAt(merge);
        if (_ranks[place] != int.MaxValue)
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
