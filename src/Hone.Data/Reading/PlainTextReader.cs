using System.Text;
using System.Text.Json;

namespace Hone.Data;

/// <summary>Plain text (<c>.txt</c>): the whole file, its lines, or documents between delimiters. One column,
/// <c>text</c>.</summary>
/// <param name="unit">What one row is.</param>
/// <param name="delimiter">What stands between two documents.</param>
/// <param name="joinLines">Whether each run of white space becomes one space.</param>
internal sealed class PlainTextReader(TextUnit unit, string delimiter, bool joinLines) : IRecordReader
{
    private static readonly JsonEncodedText Column = JsonEncodedText.Encode("text");

    private static ReadOnlySpan<byte> Blanks => " \t\r\n"u8;

    /// <inheritdoc/>
    public IEnumerable<DataRecord> Read(DataFile file) => unit == TextUnit.Line ? Lines(file) : Documents(file);

    private IEnumerable<DataRecord> Lines(DataFile file)
    {
        using var stream = file.Open();
        using var builder = new RecordBuilder();
        var lines = new LineReader(stream, file.Path);
        while (lines.Advance())
        {
            if (lines.Line.ContainsAnyExcept(" \t\r"u8))
            {
                yield return Record(builder, lines.At, lines.Line);
            }
        }
    }

    private IEnumerable<DataRecord> Documents(DataFile file)
    {
        using var stream = file.Open();
        using var builder = new RecordBuilder();
        var buffer = new ByteBuffer(stream);
        Utf8Text.SkipByteOrderMark(buffer, file.Path);
        var mark = unit == TextUnit.Document ? Encoding.UTF8.GetBytes(delimiter) : [];
        var at = new SourceLine(file.Path, 1);
        while (buffer.Ensure(1))
        {
            var length = Find(buffer, mark);
            if (Document(builder, at, buffer.Unread[..length]) is { } record)
            {
                yield return record;
            }

            var used = Math.Min(length + mark.Length, buffer.Unread.Length);
            at = at with { Line = at.Line + buffer.Unread[..used].Count((byte)'\n') };
            buffer.Advance(used);
        }
    }

    /// <summary>The length of what stands before the next mark; of all the rest if there is none.</summary>
    private static int Find(ByteBuffer buffer, byte[] mark)
    {
        var from = 0;
        while (true)
        {
            var next = mark.Length == 0 ? -1 : buffer.Unread[from..].IndexOf(mark);
            if (next >= 0)
            {
                return from + next;
            }

            from = Math.Max(0, buffer.Unread.Length - mark.Length + 1);
            if (!buffer.More())
            {
                return buffer.Unread.Length;
            }
        }
    }

    private DataRecord? Document(RecordBuilder builder, SourceLine at, ReadOnlySpan<byte> text)
    {
        if (unit == TextUnit.Document)
        {
            var begin = text.IndexOfAnyExcept(Blanks);
            at = at with { Line = at.Line + text[..Math.Max(0, begin)].Count((byte)'\n') };
            text = text.Trim(Blanks);
        }

        return text.IsEmpty ? null : Record(builder, at, text);
    }

    private DataRecord Record(RecordBuilder builder, SourceLine at, ReadOnlySpan<byte> text)
    {
        Utf8Text.Require(text, at);
        builder.Add(at, Column, joinLines ? Joined(text) : text);
        return builder.Build(at);
    }

    private static byte[] Joined(ReadOnlySpan<byte> text)
    {
        var joined = new List<byte>(text.Length);
        foreach (var letter in text.Trim(Blanks))
        {
            var isBlank = Blanks.Contains(letter);
            if (!isBlank || joined[^1] != (byte)' ')
            {
                joined.Add(isBlank ? (byte)' ' : letter);
            }
        }

        return [.. joined];
    }
}
