using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace Hone.Text.Patterns;

/// <summary>The kinds of 64 bytes of a text, a bit each; all bytes of a character have its kind. Bytes after the end of
/// the text count as blanks.</summary>
internal struct TextBlock
{
    /// <summary>Bytes of a block.</summary>
    public const int Size = 64;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private TextBlock(Vector512<byte> bytes, ulong after)
    {
        var upper = Vector512.LessThan(bytes - Vector512.Create((byte)'A'), Vector512.Create((byte)26));
        var lower = Vector512.LessThan(bytes - Vector512.Create((byte)'a'), Vector512.Create((byte)26));
        var digits = Vector512.LessThan(bytes - Vector512.Create((byte)'0'), Vector512.Create((byte)10));
        var controls = Vector512.LessThan(bytes - Vector512.Create((byte)'\t'), Vector512.Create((byte)5));
        var breaks = Vector512.Equals(bytes, Vector512.Create((byte)'\n'))
            | Vector512.Equals(bytes, Vector512.Create((byte)'\r'));
        NonAscii = bytes.ExtractMostSignificantBits() & ~after;
        Upper = upper.ExtractMostSignificantBits() & ~after;
        Letters = (lower.ExtractMostSignificantBits() & ~after) | Upper;
        Digits = digits.ExtractMostSignificantBits() & ~after;
        Breaks = breaks.ExtractMostSignificantBits() & ~after;
        Blanks = Vector512.Equals(bytes, Vector512.Create((byte)' ')).ExtractMostSignificantBits() | after;
        Spaces = controls.ExtractMostSignificantBits() | Blanks;
        Apostrophes = Vector512.Equals(bytes, Vector512.Create((byte)'\'')).ExtractMostSignificantBits() & ~after;
        Slashes = Vector512.Equals(bytes, Vector512.Create((byte)'/')).ExtractMostSignificantBits() & ~after;
        Others = ~(NonAscii | Letters | Digits | Spaces);
        Heads = ulong.MaxValue;
    }

    /// <summary>Bytes of characters beyond ASCII.</summary>
    public ulong NonAscii { get; }

    /// <summary>A to Z.</summary>
    public ulong Upper { get; }

    /// <summary>Letters: of ASCII, or after <see cref="ReadAll"/> of all.</summary>
    public ulong Letters { get; private set; }

    /// <summary>Digits, likewise.</summary>
    public ulong Digits { get; private set; }

    /// <summary>White space of any kind, likewise.</summary>
    public ulong Spaces { get; private set; }

    /// <summary>U+0020.</summary>
    public ulong Blanks { get; }

    /// <summary>Line feed, carriage return.</summary>
    public ulong Breaks { get; }

    /// <summary>U+0027.</summary>
    public ulong Apostrophes { get; }

    /// <summary>U+002F.</summary>
    public ulong Slashes { get; }

    /// <summary>What is neither letter, digit nor white space, likewise.</summary>
    public ulong Others { get; private set; }

    /// <summary>Bytes that begin a character.</summary>
    public ulong Heads { get; private set; }

    /// <summary>The places at which a piece's start is decided where it takes the kinds of that character, the one
    /// before and the one after: before the last character.</summary>
    public readonly ulong Decided => (1UL << BitOperations.Log2(Heads)) - 1;

    /// <summary>Places before the first bit of <paramref name="bits"/>; all where there is none.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static ulong Before(ulong bits) => (bits & (0 - bits)) - 1;

    /// <summary>Reads the bytes from <paramref name="start"/> on, of which <paramref name="count"/> are text. Only
    /// ASCII has kinds.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static TextBlock Read(ReadOnlySpan<byte> padded, int start, int count) => new(
        Vector512.Create(padded.Slice(start, Size)),
        count < Size ? ulong.MaxValue << count : 0);

    /// <summary>Reads the bytes from <paramref name="start"/> on, where a character begins, of which
    /// <paramref name="count"/> are text.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static TextBlock ReadAll(ReadOnlySpan<byte> padded, int start, int count)
    {
        var block = Read(padded, start, count);
        if (block.NonAscii != 0)
        {
            block.AddNonAscii(padded, start);
        }

        return block;
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void AddNonAscii(ReadOnlySpan<byte> padded, int start)
    {
        var bytes = Vector512.Create(padded.Slice(start, Size));
        Heads = ~(Vector512.LessThan(bytes.AsSByte(), Vector512.Create((sbyte)-64)).ExtractMostSignificantBits()
            & NonAscii);

        // First bytes after which there are letters alone: U+0400 to U+047F; U+00C0 to U+00FF but for × and ÷, which
        // end in 97 and B7; U+5000 to U+9FFF; U+B000 to U+CFFF.
        var signs = Vector512.Equals(bytes & Vector512.Create((byte)0xDF), Vector512.Create((byte)0x97));
        var latin = Vector512.Equals(bytes, Vector512.Create((byte)0xC3)).ExtractMostSignificantBits()
            & ~(signs.ExtractMostSignificantBits() >> 1) & ~(1UL << (Size - 1));
        var cyrillic = Vector512.Equals(bytes & Vector512.Create((byte)0xFE), Vector512.Create((byte)0xD0));
        var han = Vector512.LessThan(bytes - Vector512.Create((byte)0xE5), Vector512.Create((byte)5));
        var hangul = Vector512.LessThan(bytes - Vector512.Create((byte)0xEB), Vector512.Create((byte)2));
        var twoBytes = (latin | cyrillic.ExtractMostSignificantBits()) & NonAscii;
        var threeBytes = (han | hangul).ExtractMostSignificantBits() & NonAscii;
        Letters |= twoBytes | (twoBytes << 1) | threeBytes | (threeBytes << 1) | (threeBytes << 2);

        Span<ulong> kinds = stackalloc ulong[4];
        kinds.Clear();
        for (var heads = Heads & NonAscii & ~(twoBytes | threeBytes); heads != 0; heads &= heads - 1)
        {
            var head = BitOperations.TrailingZeroCount(heads);
            var kind = WordClasses.At(padded, start + head, out var length);
            kinds[(int)kind] |= ((1UL << length) - 1) << head;
        }

        Letters |= kinds[(int)WordClass.Letter];
        Digits |= kinds[(int)WordClass.Number];
        Spaces |= kinds[(int)WordClass.Space];
        Others |= kinds[(int)WordClass.Other];
    }
}
