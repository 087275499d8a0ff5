using System.Text.Json;

namespace Hone.Data;

/// <summary>A <c>.json</c> file: an array of objects, or one object, or an object that holds the array in a field.
/// Only one element is in memory at a time.</summary>
/// <param name="field">The field that holds the array; empty when there is none.</param>
internal sealed class JsonReader(string field) : IRecordReader
{
    /// <inheritdoc/>
    public IEnumerable<DataRecord> Read(DataFile file)
    {
        using var stream = file.Open();
        var cursor = new JsonCursor(stream, file.Path);
        var rows = cursor.Peek() switch
        {
            -1 => throw new DataException(new SourceLine(file.Path), "the file is empty"),
            '[' when field.Length == 0 => Elements(cursor),
            '{' => field.Length == 0 ? [new DataRecord(cursor.At, cursor.Value())] : Field(cursor),
            _ => throw NeitherArrayNorObject(cursor),
        };
        foreach (var row in rows)
        {
            yield return row;
        }

        if (cursor.Peek() >= 0)
        {
            throw cursor.Fail("the file goes on after the value; one object a line would be a .jsonl file");
        }
    }

    private DataException NeitherArrayNorObject(JsonCursor cursor)
    {
        var (at, column) = (cursor.At, cursor.Column);
        return new DataException(at, field.Length == 0
            ? $"the file must hold an array of objects or an object, got {JsonText.Describe(cursor.Value())}"
            : $"the file must hold an object with the field \"{field}\", got {JsonText.Describe(cursor.Value())}",
            column);
    }

    private static IEnumerable<DataRecord> Elements(JsonCursor cursor)
    {
        cursor.Take();
        for (var index = 0; !TryClose(cursor); index++)
        {
            if (index > 0)
            {
                cursor.Expect(',', "an array", "a comma or \"]\" must follow in an array");
            }

            yield return Element(cursor, index);
        }
    }

    private static bool TryClose(JsonCursor cursor)
    {
        var closes = cursor.Peek() == ']';
        if (closes)
        {
            cursor.Take();
        }

        return closes;
    }

    private static DataRecord Element(JsonCursor cursor, int index)
    {
        if (cursor.Peek() == ']')
        {
            throw cursor.Fail("a trailing comma before \"]\"");
        }

        var (at, column) = (cursor.At, cursor.Column);
        var value = cursor.Value();
        return value.ValueKind == JsonValueKind.Object
            ? new DataRecord(at, value)
            : throw new DataException(at, $"element {index} must be an object, got {JsonText.Describe(value)}", column);
    }

    private IEnumerable<DataRecord> Field(JsonCursor cursor)
    {
        var begin = cursor.At;
        var found = false;
        var names = new List<string>();
        cursor.Take();
        for (var first = true; cursor.Peek() != '}'; first = false)
        {
            if (!first)
            {
                cursor.Expect(',', "an object", "a comma or \"}\" must follow in an object");
            }

            var name = cursor.Key();
            names.Add($"\"{name}\"");
            cursor.Expect(':', "an object", "a colon must follow the key");
            if (name != field)
            {
                cursor.Value();
                continue;
            }

            found = cursor.Peek() == '[' && !found
                ? true
                : throw cursor.Fail($"\"{field}\" must be one array of objects");
            foreach (var row in Elements(cursor))
            {
                yield return row;
            }
        }

        cursor.Take();
        if (!found)
        {
            throw new DataException(
                begin, $"the field \"{field}\" is missing; this object has {string.Join(", ", names)}");
        }
    }
}
