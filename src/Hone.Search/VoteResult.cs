namespace Hone.Search;

/// <summary>How a vote ended.</summary>
/// <param name="Winner">The answer with the highest total; null when nobody voted, or when candidates without answer
/// won.</param>
/// <param name="Share">The share of the voting candidates that gave it.</param>
/// <param name="Totals">What each answer gathered, in the order in which answers were first seen.</param>
public sealed record VoteResult(string? Winner, double Share, IReadOnlyList<(string? Answer, double Total)> Totals);
