using Hone.Benchmarks.Limits;
using Hone.Benchmarks.Lines;

namespace Hone.Benchmarks.Recorded;

/// <summary>What other programs reached, and what they computed, as their own lines say.</summary>
/// <param name="lines">The lines.</param>
public sealed class PeerRecord(IReadOnlyList<BenchmarkLine> lines)
{
    /// <summary>The lines that come with Hone.</summary>
    public static PeerRecord Shipped() => Parse(RecordedSequences.Lines("peers.jsonl"));

    /// <summary>Reads lines, empty ones left out.</summary>
    public static PeerRecord Parse(IEnumerable<string> lines) =>
        new([.. lines.Where(line => line.Length > 0).Select(BenchmarkLine.Parse)]);

    /// <summary>The losses that the others have in each step of a work; empty where none says.</summary>
    public IReadOnlyList<double> Losses(string work, string precision) => lines
        .Where(line => line.Work == work && line.Precision == precision)
        .Select(line => line.Extra["losses"]?.AsArray())
        .Where(losses => losses is not null)
        .Select(losses => losses!.Select(loss => (double)loss!).ToArray())
        .FirstOrDefault([]);

    /// <summary>The numbers of tokens that the others count in a work; more than one where they do not agree.</summary>
    public IReadOnlyList<long> Tokens(string work) =>
        [.. lines.Where(line => line.Work == work).Select(line => (long?)line.ExtraNumber("tokens")).OfType<long>()
            .Distinct()];

    /// <summary>The best of the others at the work and metric of a line, by any means or in the same precision; null
    /// where there is none.</summary>
    /// <param name="own">Our line.</param>
    /// <param name="samePrecision">Whether the precision must be the same.</param>
    public BenchmarkLine? Best(BenchmarkLine own, bool samePrecision)
    {
        var rivals = lines
            .Where(line => line.Work == own.Work && line.Metric == own.Metric && line.Figures is not null)
            .Where(line => line.Threads == own.Threads && (!samePrecision || line.Precision == own.Precision))
            .Where(line => !IsLimit(own) || line.Variant == own.Variant);
        return own.IsHigherBetter
            ? rivals.MaxBy(line => line.Figures!.Value.Median)
            : rivals.MinBy(line => line.Figures!.Value.Median);
    }

    /// <summary>
    /// Variants of a limit are limits of their own: copying memory is no better or worse than reading it.
    /// </summary>
    private static bool IsLimit(BenchmarkLine line) => line.Work.StartsWith("limits/", StringComparison.Ordinal);

    /// <summary>How much faster the machine of other lines is than that of these, by the limit that a line names; null
    /// where one of them does not tell.</summary>
    /// <remarks>Where one has not measured products of 8-bit integers, those of bfloat16 stand for them: an instruction
    /// does twice as many of the former on both.</remarks>
    /// <param name="all">All lines of the other machine.</param>
    /// <param name="own">The one of them.</param>
    public double? MachineRatio(IReadOnlyList<BenchmarkLine> all, BenchmarkLine own) =>
        (string?)own.Extra["limit"] switch
        {
            "products" =>
                ProductRatio(all, Precisions.OfProducts(own.Precision), own.Threads)
                    ?? ProductRatio(all, Precisions.OfTheRest(own.Precision), own.Threads),
            "memory" => Ratio(all, line => line.Work == MachineLimits.MemoryWork && line.Variant == $"read_{own.Threads}t"),
            _ => null,
        };

    /// <summary>Whether other lines were measured on a processor of the same name, instructions and speed.</summary>
    public bool IsSameMachine(IReadOnlyList<BenchmarkLine> all)
    {
        const double alike = 0.15;
        return lines is [var mine, ..] && all is [var other, ..]
            && mine.Fields["cpu"]?.ToJsonString() == other.Fields["cpu"]?.ToJsonString()
            && all.Where(line => line.Work == MachineLimits.ProductWork).All(limit =>
                Ratio(all, line => line.Work == limit.Work && line.Variant == limit.Variant
                    && line.Precision == limit.Precision) is null or (> 1 - alike and < 1 + alike));
    }

    private double? ProductRatio(IReadOnlyList<BenchmarkLine> all, string precision, int threads) => Ratio(
        all, line => line.Work == MachineLimits.ProductWork && line.Precision == precision && line.Threads == threads);

    private double? Ratio(IReadOnlyList<BenchmarkLine> all, Func<BenchmarkLine, bool> isLimit) =>
        all.FirstOrDefault(isLimit)?.Figures?.Median / lines.FirstOrDefault(isLimit)?.Figures?.Median;
}
