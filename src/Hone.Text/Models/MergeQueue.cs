using System.Runtime.CompilerServices;

namespace Hone.Text.Models;

/// <summary>Merges that wait, the lowest rank first and of equal ones the leftmost.</summary>
internal sealed class MergeQueue
{
    private const int Children = 4;

    private ulong[] _heap = [];     // rank and place
    private int _count;

    /// <summary>Forgets all merges.</summary>
    public void Clear() => _count = 0;

    /// <summary>Adds the merge that begins at a place.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public void Add(int rank, int place)
    {
        if (_count == _heap.Length)
        {
            Array.Resize(ref _heap, Math.Max(64, _count * 2));
        }

        var merge = ((ulong)(uint)rank << 32) | (uint)place;
        var at = _count++;
        while (at > 0 && _heap[(at - 1) / Children] > merge)
        {
            _heap[at] = _heap[(at - 1) / Children];
            at = (at - 1) / Children;
        }

        _heap[at] = merge;
    }

    /// <summary>Takes the first merge out; false when there is none.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public bool TryTake(out int rank, out int place)
    {
        if (_count == 0)
        {
            (rank, place) = (0, 0);
            return false;
        }

        (rank, place) = ((int)(_heap[0] >> 32), (int)_heap[0]);
        var last = _heap[--_count];
        var at = 0;
        while ((at * Children) + 1 < _count)
        {
            var least = (at * Children) + 1;
            var end = Math.Min(least + Children, _count);
            for (var child = least + 1; child < end; child++)
            {
                least = _heap[child] < _heap[least] ? child : least;
            }

            if (_heap[least] >= last)
            {
                break;
            }

            _heap[at] = _heap[least];
            at = least;
        }

        _heap[at] = last;
        return true;
    }
}
