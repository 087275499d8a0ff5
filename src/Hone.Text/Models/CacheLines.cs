using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics.X86;

namespace Hone.Text.Models;

/// <summary>Memory that begins where a line of the processor's caches does: what lies in one line comes with one
/// wait.</summary>
internal static class CacheLines
{
    /// <summary>Words of a line.</summary>
    public const int Words = 8;

    /// <summary>An array with room for <paramref name="count"/> words from <paramref name="origin"/> on, where a line
    /// begins. All are 0, and the array never moves.</summary>
    public static ulong[] Allocate(int count, out int origin)
    {
        var words = GC.AllocateArray<ulong>(count + Words, pinned: true);
        var offset = (int)(Marshal.UnsafeAddrOfPinnedArrayElement(words, 0) % (Words * sizeof(ulong)));
        origin = offset == 0 ? 0 : Words - (offset / sizeof(ulong));
        return words;
    }

    /// <summary>Asks the processor to bring the line of a word of a pinned array nearer, without waiting for
    /// it.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static unsafe void Prefetch(ref ulong word)
    {
        if (Sse.IsSupported)
        {
            Sse.Prefetch0(Unsafe.AsPointer(ref word));
        }
    }
}
