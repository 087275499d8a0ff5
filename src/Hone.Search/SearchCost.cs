namespace Hone.Search;

/// <summary>The tokens that a search has spent.</summary>
/// <param name="Generated">Tokens sampled.</param>
/// <param name="Scored">Tokens that a scorer read.</param>
public readonly record struct SearchCost(long Generated, long Scored)
{
    /// <summary>The cost of both.</summary>
    public static SearchCost operator +(SearchCost left, SearchCost right) =>
        new(left.Generated + right.Generated, left.Scored + right.Scored);
}
