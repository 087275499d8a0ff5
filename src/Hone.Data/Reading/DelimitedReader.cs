using System.Text;
using System.Text.Json;

namespace Hone.Data;

/// <summary>CSV and TSV, strictly as RFC 4180: every row has as many cells as the first, and all cells are
/// text.</summary>
/// <param name="separator">What stands between two cells.</param>
/// <param name="header">Whether the first row names the columns; else they are called 0, 1, 2…</param>
/// <param name="quotes">Whether a double quote opens a quoted cell.</param>
internal sealed class DelimitedReader(byte separator, bool header, bool quotes) : IRecordReader
{
    /// <inheritdoc/>
    public IEnumerable<DataRecord> Read(DataFile file)
    {
        using var stream = file.Open();
        var buffer = new ByteBuffer(stream);
        Utf8Text.SkipByteOrderMark(buffer, file.Path);
        var cells = new CellReader(buffer, file.Path, separator, quotes);
        if (!cells.Advance())
        {
            throw new DataException(new SourceLine(file.Path), "the file is empty");
        }

        var columns = header
            ? Names(cells)
            : [.. Enumerable.Range(0, cells.Count).Select(i => JsonEncodedText.Encode($"{i}"))];
        using var record = new RecordBuilder();
        for (var more = !header || cells.Advance(); more; more = cells.Advance())
        {
            yield return Record(cells, columns, record);
        }
    }

    private static JsonEncodedText[] Names(CellReader cells)
    {
        var names = new JsonEncodedText[cells.Count];
        var seen = new HashSet<string>();
        for (var i = 0; i < names.Length; i++)
        {
            var name = Encoding.UTF8.GetString(cells[i]);
            if (name.Length == 0)
            {
                throw new DataException(
                    cells.At, $"column {i + 1} has no name; without a header line, set header: false");
            }

            if (!seen.Add(name))
            {
                throw new DataException(
                    cells.At, $"column \"{name}\" occurs twice; without a header line, set header: false");
            }

            names[i] = JsonEncodedText.Encode(name);
        }

        return names;
    }

    private DataRecord Record(CellReader cells, JsonEncodedText[] columns, RecordBuilder record)
    {
        if (cells.Count != columns.Length)
        {
            var norm = header ? "the header" : "the first line";
            throw new DataException(
                cells.At, $"the row must have as many cells as {norm}, {columns.Length}, got {cells.Count}");
        }

        for (var i = 0; i < columns.Length; i++)
        {
            record.Add(cells.At, columns[i], cells[i]);
        }

        return record.Build(cells.At);
    }
}
