namespace Hone.Data;

/// <summary>A data set of pairs as tokens.</summary>
/// <param name="Examples">In the order of their rows.</param>
/// <param name="Report">What became of the sequences, two of each row.</param>
public sealed record EncodedPreferences(IReadOnlyList<PreferenceExample> Examples, EncodingReport Report);
