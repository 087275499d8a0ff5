namespace Hone.Search;

/// <summary>A path from the root of a search tree: what has been generated after the prompt.</summary>
/// <param name="Candidate">Its text, tokens and log-probabilities.</param>
/// <param name="HasEnded">Whether nothing follows: a stop token was met.</param>
public sealed record SearchPath(Candidate Candidate, bool HasEnded)
{
    /// <summary>The root.</summary>
    public static SearchPath Root { get; } = new(new Candidate("", [], []), HasEnded: false);
}
