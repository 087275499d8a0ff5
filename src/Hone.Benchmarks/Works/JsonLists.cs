using System.Text.Json.Nodes;

namespace Hone.Benchmarks.Works;

/// <summary>Lists of numbers as JSON.</summary>
internal static class JsonLists
{
    /// <summary>The numbers, rounded.</summary>
    public static JsonArray Of(IEnumerable<double> values, int digits) =>
        new([.. values.Select(value => (JsonNode)Math.Round(value, digits))]);

    /// <summary>The numbers.</summary>
    public static JsonArray Of(IEnumerable<int> values) => new([.. values.Select(value => (JsonNode)value)]);
}
