namespace Hone.Cli.Demo;

/// <summary>The metrics of a stage as they went.</summary>
/// <param name="Stage">The stage.</param>
/// <param name="Steps">Each metric by name: its value after each step.</param>
internal sealed record StageCurves(DemoStage Stage, IReadOnlyDictionary<string, IReadOnlyList<CurvePoint>> Steps)
{
    /// <summary>The points of a metric; none where the stage did not log it.</summary>
    public IReadOnlyList<CurvePoint> Of(string metric) => Steps.GetValueOrDefault(metric, []);
}

/// <summary>A point of a curve.</summary>
/// <param name="X">Where, such as the step.</param>
/// <param name="Y">The value.</param>
internal readonly record struct CurvePoint(double X, double Y);
