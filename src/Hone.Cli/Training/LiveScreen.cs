using System.Globalization;
using Hone.Cli.Writing;
using Spectre.Console;
using Spectre.Console.Rendering;

namespace Hone.Cli.Training;

/// <summary>Draws a run.</summary>
/// <param name="title">What the run is called.</param>
/// <param name="width">Columns of the terminal.</param>
internal sealed class LiveScreen(string title, int width)
{
    private const int SampleRows = 4;

    /// <summary>Room at the end of the widest line, where a terminal shows ^C without breaking the picture.</summary>
    private const int Margin = 4;

    /// <summary>Draws it as it stands.</summary>
    public IRenderable Draw(RunView view)
    {
        if (view.Plan is not { } plan)
        {
            return new Markup($"[bold]{title.EscapeMarkup()}[/]  loading the model and the data");
        }

        List<IRenderable> rows =
        [
            new Markup(
                $"[bold]{title.EscapeMarkup()}[/]  {plan.Method}, {Quantity.Count(plan.Parameters)} weights, "
                    + $"{plan.Compute}, {PlanText.Threads(plan)}"),
            Progress(view),
        ];
        if (view.Metrics.Count > 0)
        {
            rows.Add(Metrics(view));
        }

        rows.AddRange(Evaluations(view));
        rows.Add(Times(view));
        if (view.Samples is [_, ..])
        {
            rows.Add(Samples(view));
        }

        rows.AddRange(plan.Warnings.Select(warning => new Markup($"[yellow]warning: {warning.EscapeMarkup()}[/]")));
        if (view.IsStopping)
        {
            rows.Add(new Markup("[yellow]stopping: a checkpoint follows; Ctrl-C again leaves at once[/]"));
        }

        return new Rows(rows);
    }

    private Markup Progress(RunView view)
    {
        var share = view.Steps == 0 ? 0 : (double)view.Step / view.Steps;
        var columns = Math.Clamp(width - 60, 10, 40);
        var full = (int)Math.Round(share * columns);
        var left = view.Step >= view.Steps ? "" : $"  {(view.Left is { } time ? Quantity.Duration(time) : "?")} left";
        return new Markup(string.Create(
            CultureInfo.InvariantCulture,
            $"[green]{new string('━', full)}[/][grey]{new string('━', columns - full)}[/]  step "
                + $"{view.Step}/{view.Steps}  {Quantity.Duration(view.Elapsed)} gone{left}  "
                + $"{(long)view.TokensPerSecond:N0} tokens/s"));
    }

    private Markup Metrics(RunView view)
    {
        var main = HeadlineMetrics.First(view.Metrics);
        var curve = Sparkline.Draw(view.History, Math.Clamp(width - main.Length - 12, 10, 60));
        var first = view.Metrics.TryGetValue(main, out var value) ? $"{main} [bold]{Quantity.Metric(value)}[/]" : main;
        var others = HeadlineMetrics.Line(HeadlineMetrics.Of(view.Metrics).Where(metric => metric.Name != main));
        return new Markup($"{first}  [green]{curve}[/]\n{others.EscapeMarkup()}");
    }

    private static IEnumerable<IRenderable> Evaluations(RunView view)
    {
        if (view.Evaluation is not { } last)
        {
            yield break;
        }

        foreach (var (name, value) in last.Metrics.Take(3))
        {
            var from = view.FirstEvaluation is { } first && first.Step != last.Step
                && first.Metrics.TryGetValue(name, out var before)
                ? $"{Quantity.Metric(before)} at step {first.Step}, "
                : "";
            yield return new Markup(
                $"{name.EscapeMarkup()}  {from}[bold]{Quantity.Metric(value)}[/] at step {last.Step}");
        }
    }

    private static Markup Times(RunView view)
    {
        var shares = TimeShares.Line(view);
        var now = view.Phase switch
        {
            null => "",
            { Share: > 0 } phase => $"  now: {TimeShares.Of(phase.Kind, phase.Share)}",
            var phase => $"  now: {PlanText.NameOf(phase.Kind)}",
        };
        var saved = view.SavedStep > 0 ? $"  checkpoint: step {view.SavedStep}" : "";
        return new Markup($"[grey]time: {(shares.Length == 0 ? "-" : shares)}{now}{saved}[/]");
    }

    private Table Samples(RunView view)
    {
        // Borders and padding take 7 columns, the two numbers 21 more. All widths are fixed, so that the picture does
        // not jump.
        var isJudged = view.Samples.Any(sample => sample.Reward is not null);
        var room = Math.Min(width - Margin, 140) - (isJudged ? 28 : 7);
        var (promptWidth, answerWidth) = (room / 3, room - (room / 3));
        var table = new Table { Border = TableBorder.Rounded };
        table.AddColumn(new TableColumn("prompt") { Width = promptWidth, NoWrap = true });
        table.AddColumn(new TableColumn(isJudged ? "answer" : "continuation") { Width = answerWidth, NoWrap = true });
        if (isJudged)
        {
            table.AddColumn(new TableColumn("reward") { Width = 6, NoWrap = true }.RightAligned());
            table.AddColumn(new TableColumn("advantage") { Width = 9, NoWrap = true }.RightAligned());
        }

        foreach (var sample in view.Samples.Take(SampleRows))
        {
            List<string> cells = [Short(sample.Prompt, promptWidth), Short(sample.Completion, answerWidth)];
            if (isJudged)
            {
                cells.AddRange([Number(sample.Reward), Number(sample.Advantage)]);
            }

            table.AddRow([.. cells.Select(cell => cell.EscapeMarkup())]);
        }

        return table;
    }

    private static string Short(string text, int columns)
    {
        var line = text.ReplaceLineEndings("⏎").Trim();
        return line.Length <= columns ? line : $"{line[..Math.Max(columns - 1, 1)]}…";
    }

    private static string Number(double? value) => value is { } number ? Quantity.Metric(number) : "-";
}
