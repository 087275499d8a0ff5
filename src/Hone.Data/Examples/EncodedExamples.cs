namespace Hone.Data;

/// <summary>A data set as tokens.</summary>
/// <param name="Examples">In the order of their rows.</param>
/// <param name="Report">What became of the rows.</param>
public sealed record EncodedExamples(IReadOnlyList<TrainingExample> Examples, EncodingReport Report);
