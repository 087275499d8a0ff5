namespace Hone.Cli.Demo.Report;

/// <summary>A line of a chart.</summary>
/// <param name="Name">What it is, for the legend.</param>
/// <param name="Points">Its points from left to right.</param>
internal sealed record ChartSeries(string Name, IReadOnlyList<CurvePoint> Points);
