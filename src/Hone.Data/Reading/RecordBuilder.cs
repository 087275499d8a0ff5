using System.Buffers;
using System.Text.Encodings.Web;
using System.Text.Json;

namespace Hone.Data;

/// <summary>Makes the records of formats that are not JSON.</summary>
internal sealed class RecordBuilder : IDisposable
{
    private const int LongestText = 128 * 1024 * 1024;

    private static readonly JsonWriterOptions Options = new()
    {
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
        MaxDepth = JsonScanner.MaxDepth,
        SkipValidation = true,
    };

    private static readonly JsonDocumentOptions Depth = new() { MaxDepth = JsonScanner.MaxDepth };

    private readonly ArrayBufferWriter<byte> _bytes = new();
    private readonly Utf8JsonWriter _writer;

    /// <summary>Starts with an empty record.</summary>
    public RecordBuilder()
    {
        _writer = new Utf8JsonWriter(_bytes, Options);
        _writer.WriteStartObject();
    }

    /// <summary>Takes the fields of the next record, names and values.</summary>
    public Utf8JsonWriter Writer => _writer;

    /// <summary>Takes the next field, whose value is text.</summary>
    /// <param name="at">Where the record begins.</param>
    /// <param name="name">The column.</param>
    /// <param name="utf8">Its text, known to be UTF-8.</param>
    public void Add(SourceLine at, JsonEncodedText name, ReadOnlySpan<byte> utf8)
    {
        if (utf8.Length > LongestText)
        {
            throw new DataException(at, $"\"{name}\" must be at most {LongestText} bytes long, got {utf8.Length}");
        }

        _writer.WriteString(name, utf8);
    }

    /// <inheritdoc/>
    public void Dispose() => _writer.Dispose();

    /// <summary>Ends the record and starts the next.</summary>
    public DataRecord Build(SourceLine at)
    {
        _writer.WriteEndObject();
        _writer.Flush();
        var record = new DataRecord(at, JsonElement.Parse(_bytes.WrittenSpan, Depth));
        _bytes.ResetWrittenCount();
        _writer.Reset();
        _writer.WriteStartObject();
        return record;
    }
}
