using System.Text.Json;

namespace Hone.Data;

/// <summary>One JSON object a line (<c>.jsonl</c>). Blank lines are skipped.</summary>
internal sealed class JsonLinesReader : IRecordReader
{
    /// <inheritdoc/>
    public IEnumerable<DataRecord> Read(DataFile file)
    {
        using var stream = file.Open();
        var lines = new LineReader(stream, file.Path);
        while (lines.Advance())
        {
            if (lines.Line.ContainsAnyExcept(" \t\r"u8))
            {
                yield return Parse(lines);
            }
        }
    }

    private static DataRecord Parse(LineReader lines)
    {
        var value = new JsonScanner(lines.Line, lines.At, 1, lines.Terminated ? "line" : "file").Parse();
        return value.ValueKind == JsonValueKind.Object
            ? new DataRecord(lines.At, value)
            : throw new DataException(lines.At, value.ValueKind == JsonValueKind.Array
                ? "each line must be an object, got an array; a file that is one array would be a .json file"
                : $"each line must be an object, got {JsonText.Describe(value)}", 1);
    }
}
