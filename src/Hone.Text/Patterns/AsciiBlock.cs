using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace Hone.Text.Patterns;

/// <summary>The kinds of 64 bytes of a text, a bit each. Bytes after the end of the text count as blanks.</summary>
internal readonly struct AsciiBlock
{
    /// <summary>Bytes of a block.</summary>
    public const int Size = 64;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private AsciiBlock(Vector512<byte> bytes, ulong after)
    {
        var letters = Vector512.LessThan(
            (bytes | Vector512.Create((byte)0x20)) - Vector512.Create((byte)'a'), Vector512.Create((byte)26));
        var digits = Vector512.LessThan(bytes - Vector512.Create((byte)'0'), Vector512.Create((byte)10));
        var controls = Vector512.LessThan(bytes - Vector512.Create((byte)'\t'), Vector512.Create((byte)5));
        var breaks = Vector512.Equals(bytes, Vector512.Create((byte)'\n'))
            | Vector512.Equals(bytes, Vector512.Create((byte)'\r'));
        NonAscii = bytes.ExtractMostSignificantBits() & ~after;
        Letters = letters.ExtractMostSignificantBits() & ~after;
        Digits = digits.ExtractMostSignificantBits() & ~after;
        Breaks = breaks.ExtractMostSignificantBits() & ~after;
        Blanks = Vector512.Equals(bytes, Vector512.Create((byte)' ')).ExtractMostSignificantBits() | after;
        Spaces = controls.ExtractMostSignificantBits() | Blanks;
        Apostrophes = Vector512.Equals(bytes, Vector512.Create((byte)'\'')).ExtractMostSignificantBits() & ~after;
        Others = ~(NonAscii | Letters | Digits | Spaces);
    }

    /// <summary>Bytes of characters beyond ASCII.</summary>
    public ulong NonAscii { get; }

    /// <summary>A to Z, a to z.</summary>
    public ulong Letters { get; }

    /// <summary>0 to 9.</summary>
    public ulong Digits { get; }

    /// <summary>White space of any kind.</summary>
    public ulong Spaces { get; }

    /// <summary>U+0020.</summary>
    public ulong Blanks { get; }

    /// <summary>Line feed, carriage return.</summary>
    public ulong Breaks { get; }

    /// <summary>U+0027.</summary>
    public ulong Apostrophes { get; }

    /// <summary>ASCII that is neither letter, digit nor white space.</summary>
    public ulong Others { get; }

    /// <summary>The places at which a piece's start is decided where it takes the kinds of that character, the one
    /// before and the one after: all but the last, up to the first that is not ASCII.</summary>
    public ulong Decided => NonAscii == 0 ? ~0UL >> 1 : ((NonAscii & (0 - NonAscii)) - 1) >> 1;

    /// <summary>Reads the bytes from <paramref name="start"/> on, of which <paramref name="count"/> are text.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static AsciiBlock Read(ReadOnlySpan<byte> padded, int start, int count) => new(
        Vector512.Create(padded.Slice(start, Size)),
        count < Size ? ulong.MaxValue << count : 0);
}
