namespace Hone.Search;

/// <summary>What best-of-N chose.</summary>
/// <param name="Index">The place of the chosen candidate.</param>
/// <param name="Scores">The score of each candidate.</param>
/// <param name="Cost">The tokens spent.</param>
public sealed record BestOfNChoice(int Index, IReadOnlyList<double> Scores, SearchCost Cost);
