using System.Buffers;
using System.Text;
using System.Text.Unicode;

namespace Hone.Data;

/// <summary>What every reader of text asks of its bytes: that they are UTF-8.</summary>
internal static class Utf8Text
{
    /// <summary>Skips a byte order mark of UTF-8.</summary>
    /// <exception cref="DataException">The mark is that of UTF-16.</exception>
    public static void SkipByteOrderMark(ByteBuffer buffer, string file)
    {
        if (buffer.Ensure(2) && buffer.Unread is [0xFF, 0xFE, ..] or [0xFE, 0xFF, ..])
        {
            throw new DataException(new SourceLine(file, 1), "the file is UTF-16; convert it to UTF-8");
        }

        if (buffer.Ensure(3) && buffer.Unread is [0xEF, 0xBB, 0xBF, ..])
        {
            buffer.Advance(3);
        }
    }

    /// <summary>Holds that the bytes are UTF-8.</summary>
    /// <param name="bytes">Text of one or more lines.</param>
    /// <param name="at">Where it begins.</param>
    /// <param name="startColumn">The column it begins at.</param>
    /// <exception cref="DataException">They are not; the column is counted in bytes.</exception>
    public static void Require(ReadOnlySpan<byte> bytes, SourceLine at, long startColumn = 1)
    {
        if (!Utf8.IsValid(bytes))
        {
            throw Describe(bytes, at, startColumn);
        }
    }

    /// <summary>The place of an offset in a text: its line, and its column in code points from 1.</summary>
    /// <param name="text">Text of one or more lines.</param>
    /// <param name="offset">An offset into it.</param>
    /// <param name="start">Where the text begins.</param>
    /// <param name="startColumn">The column it begins at.</param>
    public static (SourceLine At, long Column) Locate(
        ReadOnlySpan<byte> text, int offset, SourceLine start, long startColumn = 1)
    {
        var before = text[..offset];
        var lines = before.Count((byte)'\n');
        var column = CountCodePoints(before[(before.LastIndexOf((byte)'\n') + 1)..]);
        return (start with { Line = start.Line + lines }, lines == 0 ? startColumn + column : 1 + column);
    }

    /// <summary>Counts code points: the bytes that do not continue one.</summary>
    public static long CountCodePoints(ReadOnlySpan<byte> text)
    {
        var count = 0L;
        foreach (var value in text)
        {
            count += (value & 0xC0) != 0x80 ? 1 : 0;
        }

        return count;
    }

    private static DataException Describe(ReadOnlySpan<byte> bytes, SourceLine at, long startColumn)
    {
        var offset = 0;
        OperationStatus status;
        while ((status = Rune.DecodeFromUtf8(bytes[offset..], out _, out var length)) == OperationStatus.Done)
        {
            offset += length;
        }

        var before = bytes[..offset];
        var place = at with { Line = at.Line + before.Count((byte)'\n') };
        var lineStart = before.LastIndexOf((byte)'\n') + 1;
        var column = offset - lineStart + (lineStart == 0 ? startColumn : 1);
        var rest = bytes[offset..];
        return new DataException(place, status == OperationStatus.NeedMoreData
            ? "the text ends inside a character"
            : rest is [0xED, >= 0xA0, ..]
                ? "a surrogate is not UTF-8"
                : rest is [>= 0xC0, < 0x80, ..]
                    ? $"byte 0x{rest[0]:X2} is not UTF-8; if the file is in Latin-1, convert it"
                    : $"byte 0x{rest[0]:X2} is not UTF-8", column);
    }
}
