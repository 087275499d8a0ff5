using System.Globalization;
using System.Text.Json;

namespace Hone.Data;

/// <summary>Tar shards as WebDataset has them: consecutive members whose names agree up to the first dot of the base
/// name make a row; the rest of the name is the column. JSON members are parsed, <c>cls</c> is an integer, all else is
/// text. Nothing is written to disk under a member's name. A row's line is its number.</summary>
internal sealed class TarShardReader : IRecordReader
{
    /// <inheritdoc/>
    public IEnumerable<DataRecord> Read(DataFile file)
    {
        using var stream = file.Open();
        var archive = new TarArchive(stream, file.Path);
        using var record = new RecordBuilder();
        string? key = null;
        var columns = new HashSet<string>();
        var row = 0L;
        while (archive.Next() is var (name, content))
        {
            if (Split(name) is not var (memberKey, column))
            {
                continue;
            }

            if (memberKey != key)
            {
                if (key is not null)
                {
                    yield return record.Build(new SourceLine(file.Path, row));
                }

                (key, row) = (memberKey, row + 1);
                columns.Clear();
                record.Writer.WriteString("__key__"u8, key);
            }

            if (!columns.Add(column))
            {
                throw new DataException(
                    new SourceLine(file.Path, row), $"member \"{name}\" occurs twice in the row \"{key}\"");
            }

            record.Writer.WritePropertyName(column);
            Write(record.Writer, new SourceLine($"{file.Path}:{name}", 1), column, content);
        }

        if (key is not null)
        {
            yield return record.Build(new SourceLine(file.Path, row));
        }
    }

    private static (string Key, string Column)? Split(string name)
    {
        var start = name.LastIndexOf('/') + 1;
        var dot = name.IndexOf('.', start);
        var isHidden = name.StartsWith("__", StringComparison.Ordinal) || name.AsSpan(start).StartsWith("__");
        return dot > start && !isHidden ? (name[..dot], name[(dot + 1)..].ToLowerInvariant()) : null;
    }

    private static void Write(Utf8JsonWriter writer, SourceLine at, string column, byte[] content)
    {
        switch (column.Split('.')[^1])
        {
            case "json":
                new JsonScanner(content, at, 1, "file").Parse().WriteTo(writer);
                break;
            case "cls":
                var isNumber = long.TryParse(
                    content, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var number);
                writer.WriteNumberValue(isNumber ? number : throw new DataException(at, "a class must be an integer"));
                break;
            default:
                Utf8Text.Require(content, at);
                writer.WriteStringValue(content);
                break;
        }
    }
}
