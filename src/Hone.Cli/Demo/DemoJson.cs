using System.Text.Json;

namespace Hone.Cli.Demo;

/// <summary>A demo's accuracies for machines.</summary>
internal static class DemoJson
{
    /// <summary>
    /// Writes <c>"seed"</c> and <c>"stages"</c>: name, accuracy with its interval in 0…1, number of problems.
    /// </summary>
    public static void Write(Utf8JsonWriter json, DemoResult result)
    {
        json.WriteNumber("seed", result.Seed);
        json.WriteStartArray("stages");
        foreach (var (stage, accuracy, _) in result.Stages)
        {
            var (low, high) = accuracy.Interval();
            json.WriteStartObject();
            json.WriteString("name", stage.Name);
            json.WriteNumber("accuracy", accuracy.Share);
            json.WriteNumber("low", low);
            json.WriteNumber("high", high);
            json.WriteNumber("n", accuracy.Count);
            json.WriteEndObject();
        }

        json.WriteEndArray();
    }
}
