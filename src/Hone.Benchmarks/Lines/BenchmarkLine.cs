using System.Globalization;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Hone.Benchmarks.Lines;

/// <summary>
/// One line of results, ours or a peer's: a JSON object whose fields <c>bench/peers/README.md</c> defines.
/// </summary>
/// <param name="Fields">The fields, in their order.</param>
public sealed record BenchmarkLine(JsonObject Fields)
{
    private static readonly JsonSerializerOptions Letters =
        new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>The case's unique name.</summary>
    public string Name => Text("name");

    /// <summary>What was done.</summary>
    public string Work => Text("work");

    /// <summary>Who did it.</summary>
    public string Program => Text("impl");

    /// <summary>How.</summary>
    public string Variant => Text("variant");

    /// <summary>The dtype of products.</summary>
    public string Precision => Text("precision");

    /// <summary>The unit of the figures.</summary>
    public string Metric => Text("metric");

    /// <summary>Whether more is better.</summary>
    public bool IsHigherBetter => Text("better") == "higher";

    /// <summary>Threads that computed.</summary>
    public int Threads => (int)(Number(Fields["threads"]) ?? 0);

    /// <summary>The figures; null of a case that failed.</summary>
    public Spread? Figures => Number(Fields["median"]) is { } median
        ? new Spread(median, Number(Fields["min"]) ?? double.NaN, Number(Fields["max"]) ?? double.NaN)
        : null;

    /// <summary>The last words of a case that failed; empty of one that did not.</summary>
    public string Error => Text("error");

    /// <summary>The most memory of the process, in MiB; null where it is not a figure of the case.</summary>
    public double? PeakMebibytes => Number(Fields["peak_rss_mb"]);

    /// <summary>The share of all cores' time that others took meanwhile.</summary>
    public double OthersShare => Number(Fields["others_cpu"]) ?? 0;

    /// <summary>What belongs to the work.</summary>
    public JsonObject Extra => Fields["extra"] as JsonObject ?? [];

    /// <summary>Whether the case ran and its result was right.</summary>
    public bool IsGood => Figures is not null && (bool?)Extra["check_holds"] != false;

    /// <summary>Reads a line.</summary>
    /// <param name="text">The line.</param>
    /// <exception cref="JsonException">It is not an object, or says not what was done by whom.</exception>
    public static BenchmarkLine Parse(string text)
    {
        string[] needed = ["name", "work", "impl", "variant"];
        return JsonNode.Parse(text) is JsonObject fields
            && Array.TrueForAll(needed, name => fields[name]?.GetValueKind() == JsonValueKind.String)
                ? new BenchmarkLine(fields)
                : throw new JsonException($"a line must be an object with {string.Join(", ", needed)}");
    }

    /// <summary>The line as it is written.</summary>
    public override string ToString() => Fields.ToJsonString(Letters);

    /// <summary>A number among what belongs to the work; null where there is none.</summary>
    public double? ExtraNumber(string field) => Number(Extra[field]);

    /// <summary>A number, whatever type it was written as.</summary>
    private static double? Number(JsonNode? node) =>
        node?.GetValueKind() == JsonValueKind.Number
            ? double.Parse(node.ToJsonString(), CultureInfo.InvariantCulture) : null;

    private string Text(string field) => (string?)Fields[field] ?? "";
}
