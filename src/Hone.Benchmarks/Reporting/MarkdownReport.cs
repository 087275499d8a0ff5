using System.Globalization;
using System.Text;
using System.Text.Json.Nodes;
using Hone.Benchmarks.Limits;
using Hone.Benchmarks.Lines;
using Hone.Benchmarks.Recorded;

namespace Hone.Benchmarks.Reporting;

/// <summary>
/// Lines as a section of Markdown: the machine, then a table for each family of works, beside the best of the peers.
/// </summary>
/// <param name="peers">What other programs reached.</param>
public sealed class MarkdownReport(PeerRecord peers)
{
    private const double NotQuiet = 0.05;

    private static readonly (string Family, string Title)[] Families =
    [
        ("P1", "Supervised fine-tuning"), ("P2", "Preference optimisation"), ("P3", "GRPO, whole steps"),
        ("P4", "Decoding"), ("search", "Tree search"),
        ("P7", "Tokenizing"), ("P8", "Reward model on embeddings"), ("P11", "Data parallel"),
        ("optimizer", "Optimizer"),
        ("start-up", "Start-up"), ("fused", "Fused operators against their compositions"),
        ("limits", "Limits of the machine"),
    ];

    /// <summary>The section.</summary>
    /// <param name="lines">Lines of one machine.</param>
    public string Of(IReadOnlyList<BenchmarkLine> lines)
    {
        var page = new StringBuilder();
        var columns = new PeerColumns(peers, lines);
        page.Append(Machine(lines));
        foreach (var (family, title) in Families)
        {
            var rows = lines.Where(line => line.Work.Split('/')[0] == family && !IsShape(line)).ToList();
            if (rows is [_, ..])
            {
                page.Append('\n').Append("### ").Append(title).Append("\n\n").Append(
                    family == "fused" ? Fused(rows) : Works(rows, columns));
            }
        }

        var shapes = lines.Where(IsShape).ToList();
        if (shapes is [_, ..])
        {
            page.Append("\n### Products in the shapes of the models\n\n").Append(Shapes(shapes, lines));
        }

        return page.ToString();
    }

    private static string Machine(IReadOnlyList<BenchmarkLine> lines)
    {
        var first = lines[0];
        var cpu = first.Fields["cpu"] as JsonObject ?? [];
        var flags =
            cpu.Where(field => (field.Value as JsonValue)?.TryGetValue(out string? text) == true && text == "yes")
                .Select(field => field.Key);
        var versions = lines.Select(line => line.Fields["versions"] as JsonObject).FirstOrDefault(
            found => found is { Count: > 0 }) ?? [];
        var text = new StringBuilder(string.Create(
            CultureInfo.InvariantCulture,
            $"Measured {(string?)first.Fields["started"]} on {(string?)cpu["model"]}, {cpu["cores"]} cores "
                + $"({string.Join(' ', flags)}); "));
        text.Append(string.Join(", ", versions.Select(one => $"{one.Key} {(string?)one.Value}"))).Append(".\n");
        if (lines.Any(line => (string?)line.Fields["clock"] == "cpu"))
        {
            text.Append("\nSeconds are CPU seconds of the process (`--clock cpu`), start-up aside.\n");
        }

        var loud = lines.Where(line => line.OthersShare > NotQuiet).ToList();
        if (loud is [_, ..])
        {
            text.Append(string.Create(
                CultureInfo.InvariantCulture,
                $"\n**Not quiet:** during {loud.Count} of {lines.Count} measurements other programs used more than 5 "
                + $"% of the processors (up to {loud.Max(line => line.OthersShare):0 %}). These figures are "
                + $"provisional.\n"));
        }

        return text.ToString();
    }

    private static bool IsShape(BenchmarkLine line) =>
        line.Work.StartsWith(MachineLimits.ShapeWork, StringComparison.Ordinal);

    private static string Shapes(List<BenchmarkLine> rows, IReadOnlyList<BenchmarkLine> all)
    {
        var table =
            Table(["rows x inner x columns", "precision", "threads", "median (min…max)", "share of 2048 x 2048"]);
        foreach (var row in rows)
        {
            var limit = all.FirstOrDefault(line =>
                line.Work == MachineLimits.ProductWork && line.Precision == row.Precision
                    && line.Threads == row.Threads);
            Add(table, [
                row.Work[MachineLimits.ShapeWork.Length..], row.Precision,
                row.Threads.ToString(CultureInfo.InvariantCulture), Figures.Of(row) + Fault(row),
                Figures.RatioOf(row, limit),
            ]);
        }

        return table.ToString();
    }

    private static string Works(List<BenchmarkLine> rows, PeerColumns peers)
    {
        var hasPeers = rows.Any(peers.Has);
        var table =
            Table(["work", "precision", "threads", "median (min…max)", "share of the limit", "peak MiB",
                .. hasPeers ? peers.Heads : []]);
        foreach (var row in rows)
        {
            Add(table, [
                $"`{row.Work}` {row.Variant}",
                row.Precision,
                row.Threads.ToString(CultureInfo.InvariantCulture),
                Figures.Of(row) + Fault(row),
                Figures.ShareOf(row),
                row.PeakMebibytes is { } peak ? Figures.Number(peak) : "",
                .. hasPeers ? peers.Of(row) : [],
            ]);
        }

        return table.ToString();
    }

    private static string Fault(BenchmarkLine row) => row.IsGood
        ? ""
        : $": {(row.Error.Length > 0 ? row.Error.ReplaceLineEndings(" ") : $"wrong, {(string?)row.Extra["check"]}")}";

    private static string Fused(List<BenchmarkLine> rows)
    {
        var table = Table(["operator", "precision", "median", "its composition", "times faster", "share of the limit"]);
        foreach (var row in rows)
        {
            var composition = row.ExtraNumber("composition_seconds") is { } seconds
                ? Figures.MedianOf(new BenchmarkLine(new JsonObject
                {
                    ["metric"] = "s",
                    ["median"] = seconds,
                }))
                : "";
            Add(table, [
                row.Work["fused/".Length..], row.Precision, Figures.MedianOf(row) + Fault(row),
                composition, row.ExtraNumber("times_faster") is { } times ? Figures.Number(times) : "",
                Figures.ShareOf(row),
            ]);
        }

        return table.ToString();
    }

    private static StringBuilder Table(IReadOnlyList<string> head)
    {
        var table = new StringBuilder();
        Add(table, head);
        return table.Append('|').Append(string.Concat(head.Select(_ => "---|"))).Append('\n');
    }

    private static void Add(StringBuilder table, IReadOnlyList<string> cells) =>
        table.Append("| ").AppendJoin(" | ", cells.Select(cell => cell.Replace("|", "\\|", StringComparison.Ordinal)))
            .Append(" |\n");
}
