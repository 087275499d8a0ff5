using System.Globalization;
using Spectre.Console;

namespace Hone.Cli.Demo;

/// <summary>The table that a demo ends with.</summary>
internal static class DemoTable
{
    /// <summary>Writes the table.</summary>
    public static void Write(IAnsiConsole console, DemoResult result)
    {
        var table = new Table { Border = TableBorder.Minimal };
        table.AddColumn("stage");
        table.AddColumn(new TableColumn("held-out accuracy").RightAligned());
        table.AddColumn(new TableColumn("95 %").RightAligned());
        table.AddColumn(new TableColumn("time").RightAligned());
        table.AddColumn("what it is");
        foreach (var (stage, accuracy, seconds) in result.Stages)
        {
            var (low, high) = accuracy.Interval();
            table.AddRow(
                new Markup(stage == DemoStage.Grpo ? $"[bold]{stage.Name}[/]" : stage.Name),
                new Markup($"[bold]{Percent(accuracy.Share)}[/]"),
                new Markup($"{Percent(low)} – {Percent(high)}"),
                new Markup(seconds > 0 ? string.Create(CultureInfo.InvariantCulture, $"{seconds:0} s") : ""),
                new Markup(Markup.Escape(stage.Description)));
        }

        console.Write(table);
    }

    /// <summary><c>74.6 %</c>.</summary>
    public static string Percent(double share) => string.Create(CultureInfo.InvariantCulture, $"{100 * share:0.0} %");

    /// <summary>What the table says, in two sentences.</summary>
    public static string Summary(DemoResult result)
    {
        var (sft, control, grpo) =
            (result.ShareOf(DemoStage.Sft), result.ShareOf(DemoStage.SftContinued), result.ShareOf(DemoStage.Grpo));
        return $"GRPO {Change(grpo - sft)} over SFT, and {Change(grpo - control)} over SFT that went on for the same "
            + "time.";
    }

    private static string Change(double share) => string.Create(
        CultureInfo.InvariantCulture, $"{(share < 0 ? "loses" : "gains")} {100 * Math.Abs(share):0.0} points");
}
