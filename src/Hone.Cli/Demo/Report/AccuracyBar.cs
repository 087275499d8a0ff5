using System.Globalization;
using Hone.Evaluation;

namespace Hone.Cli.Demo.Report;

/// <summary>Draws an accuracy from 0 to 1 as a bar with its confidence interval.</summary>
internal static class AccuracyBar
{
    private const int Width = 260;

    /// <summary>Draws it.</summary>
    public static string Draw(Accuracy accuracy)
    {
        var (low, high) = accuracy.Interval();
        FormattableString svg =
            $"""
            <svg class="bar" viewBox="0 0 {Width} 20" role="img" aria-label="{100 * accuracy.Share:0.0} %"><rect class="track" width="{Width}" height="20" rx="3"/><rect class="fill" width="{Width * accuracy.Share:0.#}" height="20" rx="3"/><path class="whisker" d="M{Width * low:0.#} 10H{Width * high:0.#}M{Width * low:0.#} 5v10M{Width * high:0.#} 5v10"/></svg>
            """;
        return svg.ToString(CultureInfo.InvariantCulture);
    }
}
