using System.Text.Json;

namespace Hone.Training.Metrics;

/// <summary>Numbers in JSON, which has no word for what is not finite: <c>"NaN"</c>, <c>"Infinity"</c> and
/// <c>"-Infinity"</c> are text.</summary>
internal static class JsonNumber
{
    /// <summary>Writes a number as the next value.</summary>
    public static void Write(Utf8JsonWriter json, double? value)
    {
        switch (value)
        {
            case null:
                json.WriteNullValue();
                break;
            case double.PositiveInfinity:
                json.WriteStringValue("Infinity");
                break;
            case double.NegativeInfinity:
                json.WriteStringValue("-Infinity");
                break;
            case double.NaN:
                json.WriteStringValue("NaN");
                break;
            case { } finite:
                json.WriteNumberValue(finite);
                break;
        }
    }

    /// <summary>Writes a number under a name.</summary>
    public static void Write(Utf8JsonWriter json, string name, double? value)
    {
        json.WritePropertyName(name);
        Write(json, value);
    }
}
