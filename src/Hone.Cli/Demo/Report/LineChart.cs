using System.Globalization;
using System.Net;
using System.Text;

namespace Hone.Cli.Demo.Report;

/// <summary>Draws curves as an SVG that takes its colours from the page: classes <c>axis</c>, <c>grid</c> and <c>s0</c>, <c>s1</c>, … for the series.</summary>
internal static class LineChart
{
    private const int Width = 480;
    private const int Height = 260;
    private const int Left = 52;
    private const int Right = 16;
    private const int Top = 12;
    private const int Bottom = 40;

    /// <summary>Draws the series that have points.</summary>
    /// <param name="across">What runs from left to right.</param>
    /// <param name="series">The lines.</param>
    /// <returns>The figure with its legend; empty when there is nothing to draw.</returns>
    public static string Draw(string across, params IReadOnlyList<ChartSeries> series)
    {
        var shown = series
            .Select(line => line with { Points = [.. line.Points.Where(point => double.IsFinite(point.Y))] })
            .Where(line => line.Points.Count > 0)
            .ToList();
        if (shown.Count == 0)
        {
            return "";
        }

        var points = shown.SelectMany(line => line.Points).ToList();
        var x = new ChartAxis([.. points.Select(point => point.X)], Left, Width - Right, isWidened: false);
        var y = new ChartAxis([.. points.Select(point => point.Y)], Height - Bottom, Top);
        var svg = new StringBuilder();
        svg.Append(Invariant($"<svg viewBox=\"0 0 {Width} {Height}\" role=\"img\" aria-label=\"{Escape(string.Join(", ", shown.Select(line => line.Name)))}\">\n"));
        foreach (var mark in y.Marks)
        {
            svg.Append(Invariant($"<path class=\"grid\" d=\"M{Left} {y.Place(mark):0.#}H{Width - Right}\"/>"));
            svg.Append(Invariant($"<text class=\"axis\" x=\"{Left - 8}\" y=\"{y.Place(mark) + 4:0.#}\" text-anchor=\"end\">{ChartAxis.Text(mark)}</text>\n"));
        }

        foreach (var mark in x.Marks)
        {
            svg.Append(Invariant($"<text class=\"axis\" x=\"{x.Place(mark):0.#}\" y=\"{Height - Bottom + 18}\" text-anchor=\"middle\">{ChartAxis.Text(mark)}</text>\n"));
        }

        svg.Append(Invariant($"<text class=\"axis\" x=\"{(Left + Width - Right) / 2}\" y=\"{Height - 4}\" text-anchor=\"middle\">{Escape(across)}</text>\n"));
        foreach (var (i, line) in shown.Index())
        {
            var places = line.Points.Select(point => Invariant($"{x.Place(point.X):0.#},{y.Place(point.Y):0.#}"));
            svg.Append(Invariant($"<polyline class=\"line s{i}\" points=\"{string.Join(' ', places)}\"/>\n"));
        }

        svg.Append("</svg>\n");
        return $"<figure>{Legend(shown)}{svg}</figure>\n";
    }

    private static string Legend(List<ChartSeries> series)
    {
        var entries = series.Select((line, i) => $"<span class=\"key s{i}\">{Escape(line.Name)}</span>");
        return $"<figcaption>{string.Join(' ', entries)}</figcaption>\n";
    }

    private static string Escape(string text) => WebUtility.HtmlEncode(text);

    private static string Invariant(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
