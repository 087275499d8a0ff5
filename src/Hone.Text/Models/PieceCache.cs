using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using Hone.Text.Pipeline;

namespace Hone.Text.Models;

/// <summary>Remembers the tokens of short pieces. Of fixed size: a new piece takes the place of an old one.</summary>
/// <remarks>
/// Words repeat: of English text 19 pieces in 20 have been seen before. A piece of at most 15 bytes is its own key, so
/// that a lookup is one comparison of 16 bytes; at most four tokens are kept, or where <see cref="LongPieceCache"/> has
/// more of them. Two places share a line of memory. A new piece takes the first place; what was there the second; and
/// what was there the second place of the line beside it, from where it comes back when it is asked for. The table is
/// larger than the nearer caches, so that looking a piece up mostly is waiting for memory. Therefore it is done for
/// many pieces at a time, in two steps: where each may be, for which memory is asked at once and not waited for; then
/// what is there.
/// </remarks>
internal sealed class PieceCache
{
    /// <summary>The longest piece that has a key, in bytes.</summary>
    public const int LongestPiece = 15;

    /// <summary>Most tokens of a piece.</summary>
    public const int MostTokens = 4;

    private const int Slots = 1 << 17;
    private const int SlotWords = 4;        // two of the key, two of the ids
    private const int CountShift = 28;      // the last of four ids carries their number in its topmost bits
    private const int LargestId = (1 << CountShift) - 1;

    private readonly ulong[] _words;        // the slots from the origin on
    private readonly int _origin;
    private readonly int[] _lengths = new int[Slots];   // of the tokens, a byte each

    /// <summary>A cache that remembers nothing yet.</summary>
    public PieceCache() => _words = CacheLines.Allocate(Slots * SlotWords, out _origin);

    /// <summary>The key of <paramref name="length"/> bytes of a text that may be read beyond its end: the bytes, then
    /// zeros, then their number, so that no key is all zero. What is longer than <see cref="LongestPiece"/> gets a key
    /// that nothing is remembered by.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<byte> KeyOf(ReadOnlySpan<byte> padded, int start, int length)
    {
        var bytes = Vector128.Create(padded.Slice(start, Vector128<byte>.Count));
        var size = (byte)Math.Min(length, byte.MaxValue);
        var kept = Vector128.LessThan(Vector128<byte>.Indices, Vector128.Create(size));
        return (bytes & kept).WithElement(LongestPiece, size);
    }

    /// <summary>The first of the two places where a piece may be remembered.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static int FirstOf(Vector128<byte> key)
    {
        var halves = key.AsUInt64();
        var hash = BitOperations.Crc32C(BitOperations.Crc32C(0, halves.GetElement(0)), halves.GetElement(1));
        return (int)hash & (Slots - 2);
    }

    /// <summary>Asks for the memory of a place and the next one before it is needed.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Prefetch(int first) => CacheLines.Prefetch(ref WordsAt(first));

    /// <summary>Of the two places from <paramref name="first"/> on that which holds a piece, if either does.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public int PlaceOf(Vector128<byte> key, int first)
    {
        var equal = Vector128.Equals(KeyAt(first), key).ExtractMostSignificantBits();
        return first + (int)((equal + 1) >> Vector128<byte>.Count ^ 1);
    }

    /// <summary>Whether a piece is remembered at a place.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public bool IsAt(int place, Vector128<byte> key) => KeyAt(place) == key;

    /// <summary>Where a piece is remembered, −1 where it is not.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public int Find(Vector128<byte> key)
    {
        var first = FirstOf(key);
        var place = PlaceOf(key, first);
        if (IsAt(place, key))
        {
            return place;
        }

        // Nothing went to the line beside as long as there is a free place here.
        if (KeyAt(first + 1) == Vector128<byte>.Zero || PlaceOf(key, Beside(first)) is var guest && !IsAt(guest, key))
        {
            return -1;
        }

        // What is asked for comes home; what was there goes where it was.
        place = first + 1;
        var (ids, lengths) = (IdsAt(guest), _lengths[guest]);
        Copy(place, guest);
        Write(place, key, ids, lengths);
        return place;
    }

    /// <summary>Writes the tokens of the piece at a place to <paramref name="ids"/>, which has room for
    /// <see cref="MostTokens"/>, and tells their number: 0 where they are at <see cref="EntryAt"/>.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public int Read(int place, Span<int> ids)
    {
        var found = IdsAt(place);
        (found & Vector128.Create(LargestId)).CopyTo(ids);
        return found.GetElement(MostTokens - 1) >>> CountShift;
    }

    /// <summary>The place in <see cref="LongPieceCache"/> of the tokens of the piece at a place.</summary>
    public long EntryAt(int place) => IdsAt(place).AsInt64().GetElement(0);

    /// <summary>The number of bytes of each token of the piece at a place; see
    /// <see cref="TokenBuffer.CopyLengths"/>.</summary>
    public ReadOnlySpan<byte> LengthsAt(int place) => MemoryMarshal.AsBytes(_lengths.AsSpan(place, 1));

    /// <summary>Remembers that a piece became the tokens from <paramref name="first"/> on; false where these are too
    /// many.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public bool TryPut(Vector128<byte> key, TokenBuffer tokens, int first)
    {
        var count = tokens.Count - first;
        if (count > MostTokens)
        {
            return false;
        }

        Span<int> ids = stackalloc int[MostTokens];
        tokens.Ids[first..].CopyTo(ids);
        var kept = Vector128.Create<int>(ids);
        if (Vector128.GreaterThanAny(kept, Vector128.Create(LargestId)))
        {
            return false;
        }

        Span<byte> lengths = stackalloc byte[MostTokens];
        tokens.CopyLengths(first, lengths);
        Put(key, kept | Vector128.Create(0, 0, 0, count << CountShift), BitConverter.ToInt32(lengths));
        return true;
    }

    /// <summary>Remembers where in <see cref="LongPieceCache"/> the tokens of a piece are.</summary>
    public void PutEntry(Vector128<byte> key, long entry) => Put(key, Vector128.Create(entry, 0).AsInt32(), 0);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private void Put(Vector128<byte> key, Vector128<int> ids, int lengths)
    {
        var place = FirstOf(key);
        if (KeyAt(place) != Vector128<byte>.Zero)
        {
            if (KeyAt(place + 1) != Vector128<byte>.Zero)
            {
                Copy(place + 1, Beside(place) + 1);
            }

            Copy(place, place + 1);
        }

        Write(place, key, ids, lengths);
    }

    // The first place of the line beside that of a first place.
    private static int Beside(int first) => first ^ 2;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private Vector128<byte> KeyAt(int place) => Vector128.LoadUnsafe(ref WordsAt(place)).AsByte();

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private Vector128<int> IdsAt(int place) => Vector128.LoadUnsafe(ref WordsAt(place), 2).AsInt32();

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private void Copy(int from, int to) => Write(to, KeyAt(from), IdsAt(from), _lengths[from]);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private void Write(int place, Vector128<byte> key, Vector128<int> ids, int lengths)
    {
        key.AsUInt64().StoreUnsafe(ref WordsAt(place));
        ids.AsUInt64().StoreUnsafe(ref WordsAt(place), 2);
        _lengths[place] = lengths;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private ref ulong WordsAt(int place) => ref _words[_origin + (place * SlotWords)];
}
