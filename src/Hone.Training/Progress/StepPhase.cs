namespace Hone.Training.Progress;

/// <summary>What a step is doing.</summary>
/// <param name="Step">The step, counted from 1.</param>
/// <param name="Kind">What it does.</param>
/// <param name="Share">How much of it is done, 0…1.</param>
public sealed record StepPhase(int Step, PhaseKind Kind, double Share);
