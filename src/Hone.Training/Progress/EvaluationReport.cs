namespace Hone.Training.Progress;

/// <summary>What an evaluation found.</summary>
/// <param name="Step">Steps done when it was made; 0 before the first.</param>
/// <param name="Metrics">Every metric by name, each beginning with <c>eval/</c>.</param>
/// <param name="Seconds">How long it took.</param>
public sealed record EvaluationReport(int Step, IReadOnlyDictionary<string, double> Metrics, double Seconds);
