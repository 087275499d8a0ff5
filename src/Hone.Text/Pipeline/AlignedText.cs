using System.Buffers.Binary;
using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Text;
using System.Text.Unicode;

namespace Hone.Text.Pipeline;

/// <summary>UTF-8 text on its way through the pipeline that knows which code points of the input each of its bytes came
/// from.</summary>
/// <remarks>
/// The alignment is kept only where <see cref="Tracks"/> is set: most callers want ids alone. A byte's span is that of
/// the whole code points behind it, so all tokens of one multi-byte character carry the span of the character.
/// </remarks>
internal sealed class AlignedText
{
    /// <summary>How many bytes behind its end may be read.</summary>
    public const int Padding = 64;

    private byte[] _bytes = new byte[256];
    private int[] _starts = [];
    private int[] _ends = [];

    /// <summary>Number of bytes.</summary>
    public int Length { get; private set; }

    /// <summary>Whether spans are kept.</summary>
    public bool Tracks { get; private set; }

    /// <summary>The text.</summary>
    public ReadOnlySpan<byte> Bytes => _bytes.AsSpan(0, Length);

    /// <summary>The text and at least <see cref="Padding"/> bytes after it, which mean nothing.</summary>
    public ReadOnlySpan<byte> Padded => _bytes;

    /// <summary>First code point of the input behind the byte at <paramref name="index"/>.</summary>
    public int StartOf(int index) => _starts[index];

    /// <summary>One past the last code point of the input behind the byte at <paramref name="index"/>.</summary>
    public int EndOf(int index) => _ends[index];

    /// <summary>Empties the text, ready for appending.</summary>
    public void Clear(bool tracks)
    {
        Length = 0;
        Tracks = tracks;
    }

    /// <summary>Becomes <paramref name="text"/>; lone surrogates turn into U+FFFD.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public void Set(ReadOnlySpan<char> text, bool tracks)
    {
        Clear(tracks);
        Reserve(checked(text.Length * 3));
        Utf8.FromUtf16(text, _bytes, out _, out var written);
        Length = written;
        Number();
    }

    /// <summary>Becomes <paramref name="text"/>, which must be UTF-8.</summary>
    public void Set(ReadOnlySpan<byte> text, bool tracks)
    {
        Clear(tracks);
        Reserve(text.Length);
        text.CopyTo(_bytes);
        Length = text.Length;
        Number();
    }

    /// <summary>Appends bytes of another text with their spans.</summary>
    public void Append(AlignedText source, int start, int end)
    {
        var count = end - start;
        Reserve(count);
        source._bytes.AsSpan(start, count).CopyTo(_bytes.AsSpan(Length));
        if (Tracks)
        {
            source._starts.AsSpan(start, count).CopyTo(_starts.AsSpan(Length));
            source._ends.AsSpan(start, count).CopyTo(_ends.AsSpan(Length));
        }

        Length += count;
    }

    /// <summary>Appends bytes of another text with <paramref name="content"/>, of one to four bytes, in place of each
    /// <paramref name="letter"/>; it takes the letter's span.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public void AppendExpanded(AlignedText source, int start, int end, byte letter, ReadOnlySpan<byte> content)
    {
        var bytes = source._bytes.AsSpan(start..end);
        var grown = bytes.Length + (bytes.Count(letter) * (content.Length - 1));
        Reserve(grown);
        Expand(source._bytes.AsSpan(start), bytes.Length, letter, content, _bytes.AsSpan(Length));
        var at = Length;
        for (var index = start; index < end && Tracks; index++)
        {
            var count = source._bytes[index] == letter ? content.Length : 1;
            _starts.AsSpan(at, count).Fill(source._starts[index]);
            _ends.AsSpan(at, count).Fill(source._ends[index]);
            at += count;
        }

        Length += grown;
    }

    // Writes a whole block at each letter and moves on by as many bytes as count: what is too much is written over.
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Expand(
        ReadOnlySpan<byte> padded, int count, byte letter, ReadOnlySpan<byte> content, Span<byte> target)
    {
        Span<byte> word = stackalloc byte[sizeof(uint)];
        content.CopyTo(word);
        var (written, size, at) = (BinaryPrimitives.ReadUInt32LittleEndian(word), content.Length, 0);
        for (var block = 0; block < count; block += Padding)
        {
            var end = Math.Min(block + Padding, count);
            var bytes = Vector512.Create(padded[block..]);
            var letters = Vector512.Equals(bytes, Vector512.Create(letter)).ExtractMostSignificantBits()
                & (ulong.MaxValue >> (block + Padding - end));
            var run = block;
            for (; letters != 0; letters &= letters - 1)
            {
                var next = block + BitOperations.TrailingZeroCount(letters);
                Vector512.Create(padded[run..]).CopyTo(target[at..]);
                at += next - run;
                BinaryPrimitives.WriteUInt32LittleEndian(target[at..], written);
                at += size;
                run = next + 1;
            }

            Vector512.Create(padded[run..]).CopyTo(target[at..]);
            at += end - run;
        }
    }

    /// <summary>Appends bytes that all stand for the code points <paramref name="from"/> to <paramref name="to"/> of
    /// the input.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public void Append(ReadOnlySpan<byte> bytes, int from, int to)
    {
        Reserve(bytes.Length);
        bytes.CopyTo(_bytes.AsSpan(Length));
        if (Tracks)
        {
            _starts.AsSpan(Length, bytes.Length).Fill(from);
            _ends.AsSpan(Length, bytes.Length).Fill(to);
        }

        Length += bytes.Length;
    }

    /// <summary>Appends bytes with the span of the byte at <paramref name="index"/> of <paramref name="source"/>;
    /// before its start: 0, 0.</summary>
    public void AppendLike(ReadOnlySpan<byte> bytes, AlignedText source, int index)
    {
        var known = Tracks && index >= 0;
        Append(bytes, known ? source._starts[index] : 0, known ? source._ends[index] : 0);
    }

    /// <summary>Forgets all bytes but the first <paramref name="length"/>.</summary>
    public void CutTo(int length) => Length = length;

    /// <summary>Appends a code point with the span of the byte at <paramref name="index"/> of
    /// <paramref name="source"/>.</summary>
    public void AppendLike(Rune rune, AlignedText source, int index)
    {
        Span<byte> bytes = stackalloc byte[4];
        AppendLike(bytes[..rune.EncodeToUtf8(bytes)], source, index);
    }

    private void Number()
    {
        if (!Tracks)
        {
            return;
        }

        var codePoint = -1;
        for (var index = 0; index < Length; index++)
        {
            if ((_bytes[index] & 0xC0) != 0x80)
            {
                codePoint++;
            }

            _starts[index] = codePoint;
            _ends[index] = codePoint + 1;
        }
    }

    private void Reserve(int more)
    {
        var needed = checked(Length + more + Padding);
        if (_bytes.Length < needed)
        {
            Array.Resize(ref _bytes, Math.Max(needed, _bytes.Length * 2));
        }

        if (Tracks && _starts.Length < _bytes.Length)
        {
            Array.Resize(ref _starts, _bytes.Length);
            Array.Resize(ref _ends, _bytes.Length);
        }
    }
}
