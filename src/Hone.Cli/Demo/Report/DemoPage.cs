using System.Globalization;
using System.Net;
using System.Text;

namespace Hone.Cli.Demo.Report;

/// <summary>Writes the page that shows how a demo went: one file, without scripts, for light and dark screens.</summary>
/// <param name="folder">The demo's folder, whose recipes the page shows.</param>
/// <param name="result">How it went.</param>
internal sealed class DemoPage(DemoFolder folder, DemoResult result)
{
    private readonly StringBuilder _page = new();

    /// <summary>The page as HTML.</summary>
    public string Write()
    {
        _page.Append(Head);
        _page.Append(Invariant($"<h1>A small model learns to reason</h1>\n<p>{Escape(DemoTable.Summary(result))} "));
        _page.Append(Invariant($"Seed {result.Seed}; all of it took {Quantity(result.Seconds)}.</p>\n"));
        Stages();
        Curves();
        Samples();
        Recipes();
        _page.Append("</main>\n</body>\n</html>\n");
        return _page.ToString();
    }

    private void Stages()
    {
        var count = result.Stages[0].Accuracy.Count;
        _page.Append(Invariant($"<h2>Held-out accuracy</h2>\n<p>{count:N0} problems that occur in no training stage; the likeliest answer counts, "));
        _page.Append("the last three rows choose among several sampled ones. The lines are 95 % intervals (Wilson).</p>\n<table>\n");
        _page.Append("<tr><th>stage</th><th>accuracy</th><th></th><th>95 %</th><th>time</th><th>what it is</th></tr>\n");
        foreach (var (stage, accuracy, seconds) in result.Stages)
        {
            var (low, high) = accuracy.Interval();
            _page.Append(stage == DemoStage.Grpo ? "<tr class=\"main\">" : "<tr>");
            _page.Append(Invariant($"<td>{stage.Name}</td><td class=\"number\">{DemoTable.Percent(accuracy.Share)}</td><td>{AccuracyBar.Draw(accuracy)}</td>"));
            _page.Append(Invariant($"<td class=\"number\">{DemoTable.Percent(low)} – {DemoTable.Percent(high)}</td>"));
            _page.Append(Invariant($"<td class=\"number\">{(seconds > 0 ? Quantity(seconds) : "")}</td><td>{Escape(stage.Description)}</td></tr>\n"));
        }

        _page.Append("</table>\n");
    }

    private void Curves()
    {
        var (pretrained, sft) = (result.CurvesOf(DemoStage.Pretrained), result.CurvesOf(DemoStage.Sft));
        var (control, grpo) = (result.CurvesOf(DemoStage.SftContinued), result.CurvesOf(DemoStage.Grpo));
        var from = sft.Of("loss") is [.., var last] ? last.X : 0;
        _page.Append("<h2>Curves</h2>\n<div class=\"charts\">\n");
        Chart("Pretraining", "Nats a token; the operands cannot be foreseen, so that the loss stays above 0.", "step",
            new ChartSeries("loss", pretrained.Of("loss")));
        Chart("SFT, and its continuation", "The few worked problems are soon known by heart, and what is not in them cannot be learnt from them.", "step",
            new ChartSeries("loss", [.. sft.Of("loss"), .. Later(control.Of("loss"), from)]),
            new ChartSeries("held-out loss", [.. sft.Of("eval/loss"), .. Later(control.Of("eval/loss"), from)]));
        Chart("GRPO", "Share of sampled answers that are right, at temperature 1.", "step",
            new ChartSeries("practice", grpo.Of("rewards/exact_answer")),
            new ChartSeries("held-out", grpo.Of("eval/rewards/exact_answer")));
        Chart("GRPO: certainty", "Entropy of a token, in nats, and the share of groups without a difference to learn from.", "step",
            new ChartSeries("entropy", grpo.Of("entropy")),
            new ChartSeries("groups all alike", grpo.Of("frac_reward_zero_std")));
        var sizes = Sizes();
        Chart("Test-time search", "Held-out accuracy by the number of samples of grpo's model.", "samples",
            new ChartSeries("oracle (pass@n)", result.Search.PassCurve(sizes)),
            new ChartSeries("best of n", result.Search.BestOfNCurve(sizes)));
        _page.Append("</div>\n");
    }

    private void Chart(string title, string text, string across, params IReadOnlyList<ChartSeries> series) =>
        _page.Append(Invariant($"<section><h3>{Escape(title)}</h3><p>{Escape(text)}</p>\n{LineChart.Draw(across, series)}</section>\n"));

    private static IEnumerable<CurvePoint> Later(IEnumerable<CurvePoint> points, double steps) =>
        points.Select(point => point with { X = point.X + steps });

    private int[] Sizes()
    {
        var most = result.Search.Problems[0].Right.Count;
        return [.. Enumerable.Range(1, most)];
    }

    private void Samples()
    {
        _page.Append("<h2>Answers</h2>\n<p>The first problems of the examination, not chosen.</p>\n");
        foreach (var sample in result.Samples)
        {
            _page.Append(Invariant($"<table class=\"answers\">\n<tr><th colspan=\"2\"><code>{Escape(sample.Prompt)}</code> (right: {Escape(sample.Gold)})</th></tr>\n"));
            foreach (var answer in sample.Answers)
            {
                _page.Append(Invariant($"<tr><td>{answer.Stage.Name}</td><td class=\"{(answer.IsRight ? "right" : "wrong")}\">"));
                _page.Append(Invariant($"{(answer.IsRight ? "✓" : "✗")} <code>{Escape(answer.Text)}</code></td></tr>\n"));
            }

            _page.Append("</table>\n");
        }
    }

    private void Recipes()
    {
        _page.Append("<h2>Recipes</h2>\n<p>Nothing else decides what happened. Each stage can be repeated with <code>hone train</code>.</p>\n");
        foreach (var path in folder.RecipeFiles)
        {
            _page.Append(Invariant($"<details><summary><code>{Path.GetFileName(path)}</code></summary><pre>{Escape(File.ReadAllText(path))}</pre></details>\n"));
        }
    }

    private static string Quantity(double seconds) => Writing.Quantity.Duration(TimeSpan.FromSeconds(seconds));

    private static string Escape(string text) => WebUtility.HtmlEncode(text);

    private static string Invariant(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);

    private const string Head =
        """
        <!DOCTYPE html>
        <html lang="en">
        <head>
        <meta charset="utf-8">
        <meta name="viewport" content="width=device-width, initial-scale=1">
        <title>Hone demo</title>
        <style>
        :root { color-scheme: light dark; --page: #fff; --ink: #1c2024; --soft: #60656c; --rule: #dfe2e6; --track: #eceef1;
          --c0: #1f6fd6; --c1: #c2570c; --c2: #2b8a4b; --right: #1f7a3f; --wrong: #b3261e; }
        @media (prefers-color-scheme: dark) { :root { --page: #15181b; --ink: #e8eaed; --soft: #a0a6ad; --rule: #33383e; --track: #262b30;
          --c0: #6ea8ff; --c1: #ff9d57; --c2: #63c987; --right: #6fd08c; --wrong: #ff8a80; } }
        body { background: var(--page); color: var(--ink); font: 16px/1.5 system-ui, "DejaVu Sans", sans-serif; margin: 0; }
        main { max-width: 1060px; margin: 0 auto; padding: 24px 20px 64px; }
        h1 { font-size: 28px; margin: 8px 0; } h2 { font-size: 21px; margin: 40px 0 4px; } h3 { font-size: 16px; margin: 0; }
        p { margin: 4px 0 12px; color: var(--soft); }
        table { border-collapse: collapse; width: 100%; } td, th { padding: 5px 12px 5px 0; text-align: left; border-bottom: 1px solid var(--rule); }
        th { color: var(--soft); font-weight: 500; } .number { text-align: right; font-variant-numeric: tabular-nums; white-space: nowrap; }
        tr.main td { font-weight: 700; }
        .bar { width: 260px; height: 20px; display: block; } .track { fill: var(--track); } .fill { fill: var(--c0); opacity: .75; }
        .whisker { stroke: var(--ink); stroke-width: 1.5; fill: none; }
        .charts { display: grid; grid-template-columns: repeat(auto-fit, minmax(420px, 1fr)); gap: 28px; }
        figure { margin: 0; } figcaption { font-size: 13px; } .key { margin-right: 14px; } .key::before { content: "━ "; font-weight: 900; }
        svg { max-width: 100%; } .axis { font-size: 12px; fill: var(--soft); } .grid { stroke: var(--rule); }
        .line { fill: none; stroke-width: 2; stroke-linejoin: round; }
        .line.s0 { stroke: var(--c0); } .line.s1 { stroke: var(--c1); } .line.s2 { stroke: var(--c2); }
        .key.s0 { color: var(--c0); } .key.s1 { color: var(--c1); } .key.s2 { color: var(--c2); }
        .answers { margin: 0 0 18px; } .answers td:first-child { width: 140px; color: var(--soft); }
        .right { color: var(--right); } .wrong { color: var(--wrong); }
        code, pre { font-family: ui-monospace, "DejaVu Sans Mono", monospace; font-size: 14px; } pre { overflow: auto; background: var(--track); padding: 12px; }
        </style>
        </head>
        <body>
        <main>

        """;
}
