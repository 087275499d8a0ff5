using System.Text.Json.Nodes;

namespace Hone.Benchmarks.Lines;

/// <summary>What is measured: the fields of a line that are known before there is a figure.</summary>
public sealed record Subject
{
    /// <summary>What is done, such as <c>P1/L15M</c>. Programs that write the same string do the same work.</summary>
    public required string Work { get; init; }

    /// <summary>How Hone does it, such as <c>trainer</c>.</summary>
    public required string Variant { get; init; }

    /// <summary>The dtype of products, in the words of <see cref="Precisions"/>.</summary>
    public string Precision { get; init; } = Precisions.None;

    /// <summary>The unit of the figures: a rate such as <c>tokens/s</c>, or <c>s</c> for seconds.</summary>
    public string Metric { get; init; } = "tokens/s";

    /// <summary>Threads that compute.</summary>
    public required int Threads { get; init; }

    /// <summary>The options of the case.</summary>
    public JsonObject Settings { get; init; } = [];

    /// <summary>
    /// Whether wall seconds are counted whatever the round counts: the time passes in another process.
    /// </summary>
    public bool IsAlwaysWall { get; init; }

    /// <summary>Whether more is better: of rates it is, of seconds it is not.</summary>
    public bool IsHigherBetter => Metric != "s";

    /// <summary>The unique name of the case.</summary>
    public string Name => $"{Work}/hone/{Variant}/{Precision}";
}
