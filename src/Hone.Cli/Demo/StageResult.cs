using Hone.Evaluation;

namespace Hone.Cli.Demo;

/// <summary>What the examination of a stage found.</summary>
/// <param name="Stage">The stage.</param>
/// <param name="Accuracy">Held-out problems that were answered right.</param>
/// <param name="Seconds">What training it took, or sampling for it; 0 where a row above it has paid already.</param>
internal sealed record StageResult(DemoStage Stage, Accuracy Accuracy, double Seconds);
