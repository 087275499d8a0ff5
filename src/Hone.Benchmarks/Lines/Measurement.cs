using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using Hone.Benchmarks.Limits;

namespace Hone.Benchmarks.Lines;

/// <summary>What one process found of one case, before anything is known of the machine around it.</summary>
/// <param name="Subject">What was measured.</param>
/// <param name="Samples">One value of the metric for each repetition that counts.</param>
/// <param name="Check">Whether the result was right.</param>
public sealed record Measurement(Subject Subject, IReadOnlyList<double> Samples, Check Check)
{
    private static readonly JsonSerializerOptions Names = new()
    {
        PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower,
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    };

    /// <summary>What one unit of work asks of the machine at the least; null where no limit is known.</summary>
    public Cost? Cost { get; init; }

    /// <summary>Units of the cost that were done in a second, at the median.</summary>
    public double UnitsPerSecond { get; init; }

    /// <summary>What belongs to the work: step times, losses, splits.</summary>
    public JsonObject Extra { get; init; } = [];

    /// <summary>The most memory that the process held, in bytes; null where the process did other works too.</summary>
    public long? PeakBytes { get; init; }

    /// <summary>CPU seconds that the process had used when it was done with this.</summary>
    public double CpuSeconds { get; init; }

    /// <summary>The versions of what was measured, by name; empty where the process does not tell them.</summary>
    public IReadOnlyDictionary<string, string> Versions { get; init; } = new Dictionary<string, string>();

    /// <summary>The measurement as one line of JSON, as a process hands it to the one that started it.</summary>
    public string ToJson() => JsonSerializer.Serialize(this, Names);

    /// <summary>Reads what <see cref="ToJson"/> wrote; null when the line is none.</summary>
    public static Measurement? Parse(string line)
    {
        try
        {
            return JsonSerializer.Deserialize<Measurement>(line, Names);
        }
        catch (JsonException)
        {
            return null;
        }
    }
}
