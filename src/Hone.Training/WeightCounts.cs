namespace Hone.Training;

/// <summary>How many weights there are, and how many of them are trained.</summary>
/// <param name="All">Weights of the model.</param>
/// <param name="Trained">Weights that are trained, of the model or of the adapter.</param>
/// <param name="IsAdapter">Whether those are an adapter's, and the model's own stay as they are.</param>
internal sealed record WeightCounts(long All, long Trained, bool IsAdapter);
