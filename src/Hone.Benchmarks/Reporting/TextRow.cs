using System.Globalization;
using Hone.Benchmarks.Lines;

namespace Hone.Benchmarks.Reporting;

/// <summary>A line as a row of a table on the screen.</summary>
public static class TextRow
{
    /// <summary>The table's head.</summary>
    public static string Head { get; } =
        Row("work", "precision", "threads", "median (min…max)", "share of the limit", "peak", "check");

    /// <summary>A line's row. What is wrong with it stands below.</summary>
    public static string Of(BenchmarkLine line)
    {
        const double noisy = 0.05;
        var row = Row(
            $"{line.Work} {line.Variant}",
            line.Precision,
            line.Threads.ToString(CultureInfo.InvariantCulture),
            Figures.Of(line),
            Figures.ShareOf(line),
            line.PeakMebibytes is { } peak ? $"{Figures.Number(peak)} MiB" : "",
            line.Figures is null ? "" : line.IsGood ? "ok" : "WRONG");
        var faster = line.ExtraNumber("times_faster") is { } times
            ? string.Create(CultureInfo.InvariantCulture, $"  {times:0.00}x its composition")
            : "";
        var notes = new[]
        {
            line.Error.Length > 0 ? $"failed: {line.Error}" : "",
            line.Figures is not null && !line.IsGood ? $"wrong: {(string?)line.Extra["check"]}" : "",
            line.OthersShare > noisy ? string.Create(
                CultureInfo.InvariantCulture, $"not quiet: others used {line.OthersShare:0 %} of the processors") : "",
        };
        return string.Concat(
            [(row + faster).TrimEnd(), .. notes.Where(note => note.Length > 0).Select(note => $"\n    {note}")]);
    }

    private static string Row(
        string work, string precision, string threads, string figure, string share, string peak, string check) =>
        $"{work,-44} {precision,-9} {threads,7}  {figure,-40} {share,-40} {peak,11}  {check}".TrimEnd();
}
