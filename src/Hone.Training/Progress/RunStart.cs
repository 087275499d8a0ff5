namespace Hone.Training.Progress;

/// <summary>How a run begins.</summary>
/// <param name="Plan">What follows from its recipe; its warnings tell of checkpoints that had to be passed over,
/// too.</param>
/// <param name="Step">Steps that are done already, when it is resumed; else 0.</param>
/// <param name="Steps">Steps in all.</param>
public sealed record RunStart(TrainingPlan Plan, int Step, int Steps);
