using System.Buffers;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;

namespace Hone.Cli.Writing;

/// <summary>Writes one JSON object a line. Letters of all languages stand as they are.</summary>
internal static class JsonLine
{
    private static readonly JsonWriterOptions Options = new() { Encoder = Letters };

    /// <summary>How texts are escaped: only where JSON asks for it.</summary>
    public static JavaScriptEncoder Letters => JavaScriptEncoder.UnsafeRelaxedJsonEscaping;

    /// <summary>Writes an object and the end of its line.</summary>
    /// <param name="output">Where to.</param>
    /// <param name="fields">Writes the object's fields.</param>
    public static void Write(TextWriter output, Action<Utf8JsonWriter> fields)
    {
        var bytes = new ArrayBufferWriter<byte>();
        using (var json = new Utf8JsonWriter(bytes, Options))
        {
            json.WriteStartObject();
            fields(json);
            json.WriteEndObject();
        }

        output.Write(Encoding.UTF8.GetString(bytes.WrittenSpan));
        output.Write('\n');
    }

    /// <summary>Writes a field whose value is a list of whole numbers.</summary>
    public static void WriteNumbers(this Utf8JsonWriter json, string name, ReadOnlySpan<int> values)
    {
        json.WriteStartArray(name);
        foreach (var value in values)
        {
            json.WriteNumberValue(value);
        }

        json.WriteEndArray();
    }

    /// <summary>Writes a field whose value is a list of numbers, each with as many digits as tell it from its
    /// neighbours.</summary>
    public static void WriteNumbers(this Utf8JsonWriter json, string name, ReadOnlySpan<float> values)
    {
        json.WriteStartArray(name);
        foreach (var value in values)
        {
            json.WriteNumberValue(value);
        }

        json.WriteEndArray();
    }

    /// <summary>Writes a field whose value is a list of texts.</summary>
    public static void WriteTexts(this Utf8JsonWriter json, string name, IEnumerable<string> values)
    {
        json.WriteStartArray(name);
        foreach (var value in values)
        {
            json.WriteStringValue(value);
        }

        json.WriteEndArray();
    }

    /// <summary>Writes a field whose value is an object of numbers; what is not finite becomes null, which is all that
    /// JSON can say.</summary>
    public static void WriteMetrics(
        this Utf8JsonWriter json, string name, IEnumerable<KeyValuePair<string, double>> metrics)
    {
        json.WriteStartObject(name);
        foreach (var (key, value) in metrics)
        {
            json.WritePropertyName(key);
            if (double.IsFinite(value))
            {
                json.WriteNumberValue(value);
            }
            else
            {
                json.WriteNullValue();
            }
        }

        json.WriteEndObject();
    }
}
