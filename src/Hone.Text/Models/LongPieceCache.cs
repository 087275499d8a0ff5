using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using Hone.Text.Pipeline;

namespace Hone.Text.Models;

/// <summary>Remembers the tokens of pieces that <see cref="PieceCache"/> does not take: long words, rows of blanks, and
/// words of many tokens. Of fixed size: a new piece takes the place of the oldest.</summary>
/// <remarks>Entries lie in a ring, one after the other: the piece's length and its number of tokens, its bytes, the
/// ids, the tokens' lengths, each part on a whole number of ints. Places in it count on for ever, so that an entry
/// which was written over tells so by its age.</remarks>
internal sealed class LongPieceCache
{
    /// <summary>The longest piece that is remembered, in bytes; also most tokens of it.</summary>
    public const int LongestPiece = 64;

    /// <summary>Ints of the ring.</summary>
    public const int RingSize = 1 << 21;

    private const int Slots = 1 << 17;
    private const int TagBits = 16;
    private const int CountShift = 16;

    private readonly ulong[] _slots = new ulong[Slots];     // place of the entry, and some bits of the piece's hash
    private readonly int[] _ring = new int[RingSize];
    private long _end = RingSize;                           // the next entry's place; 0 stands for no entry

    /// <summary>Adds the tokens of a piece to <paramref name="output"/>, if they are remembered.</summary>
    /// <param name="piece">The piece.</param>
    /// <param name="output">Where they go.</param>
    /// <param name="placed">Whether with their places, or else their ids alone.</param>
    public bool TryAdd(ReadOnlySpan<byte> piece, TokenBuffer output, bool placed)
    {
        var hash = ByteHash.Of(piece);
        var slot = FirstOf(hash);
        return TryAdd(piece, _slots[slot], hash, output, placed)
            || TryAdd(piece, _slots[slot + 1], hash, output, placed);
    }

    /// <summary>Adds the tokens of a piece to <paramref name="output"/>, if they still are where
    /// <see cref="Append"/> put them.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public bool TryAddAt(long place, TokenBuffer output, bool placed)
    {
        if (_end - place > RingSize)
        {
            return false;
        }

        var entry = _ring.AsSpan((int)(place & (RingSize - 1)));
        return TryAddEntry(entry, (ushort)entry[0], output, placed);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private bool TryAdd(ReadOnlySpan<byte> piece, ulong slot, uint hash, TokenBuffer output, bool placed)
    {
        var place = (long)(slot >> TagBits);
        if ((ushort)slot != TagOf(hash) || _end - place > RingSize)
        {
            return false;
        }

        var entry = _ring.AsSpan((int)(place & (RingSize - 1)));
        return (ushort)entry[0] == piece.Length
            && MemoryMarshal.AsBytes(entry[1..])[..piece.Length].SequenceEqual(piece)
            && TryAddEntry(entry, piece.Length, output, placed);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static bool TryAddEntry(ReadOnlySpan<int> entry, int length, TokenBuffer output, bool placed)
    {
        var count = entry[0] >> CountShift;
        var ids = entry.Slice(1 + IntsFor(length), count);
        if (placed)
        {
            return output.TryAddRun(ids, MemoryMarshal.AsBytes(entry[(1 + IntsFor(length) + count)..])[..count]);
        }

        output.AddPlain(ids);
        return true;
    }

    /// <summary>Remembers that a piece became the tokens from <paramref name="first"/> on, if it is short
    /// enough.</summary>
    public void Put(ReadOnlySpan<byte> piece, TokenBuffer tokens, int first)
    {
        var place = Append(piece, tokens, first);
        if (place > 0)
        {
            var hash = ByteHash.Of(piece);
            var slot = FirstOf(hash);
            _slots[slot + 1] = _slots[slot];
            _slots[slot] = ((ulong)place << TagBits) | TagOf(hash);
        }
    }

    /// <summary>Writes down that a piece became the tokens from <paramref name="first"/> on, if it is short enough, and
    /// tells where, for <see cref="TryAddAt"/>: 0 for nowhere.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public long Append(ReadOnlySpan<byte> piece, TokenBuffer tokens, int first)
    {
        var count = tokens.Count - first;
        if (piece.Length > LongestPiece || count > LongestPiece)
        {
            return 0;
        }

        var size = 1 + IntsFor(piece.Length) + count + IntsFor(count);
        var left = RingSize - (int)(_end & (RingSize - 1));
        _end += size > left ? left : 0;
        var entry = _ring.AsSpan((int)(_end & (RingSize - 1)), size);
        entry[0] = (count << CountShift) | piece.Length;
        piece.CopyTo(MemoryMarshal.AsBytes(entry[1..]));
        tokens.Ids[first..].CopyTo(entry[(1 + IntsFor(piece.Length))..]);
        tokens.CopyLengths(first, MemoryMarshal.AsBytes(entry[(1 + IntsFor(piece.Length) + count)..]));
        var place = _end;
        _end += size;
        return place;
    }

    // Two slots take turns: a new entry takes the first, and what was there the second.
    private static int FirstOf(uint hash) => (int)hash & (Slots - 2);

    private static ushort TagOf(uint hash) => (ushort)(hash >> 16);

    private static int IntsFor(int bytes) => (bytes + sizeof(int) - 1) / sizeof(int);
}
