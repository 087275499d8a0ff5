namespace Hone.Search;

/// <summary>Samples several completions and takes the one that a scorer likes best.</summary>
/// <remarks>Learning to summarize from human feedback, arXiv:2009.01325, section 4.1. Of equals the first is
/// taken.</remarks>
public static class BestOfN
{
    /// <summary>Chooses among <paramref name="candidates"/>.</summary>
    /// <param name="prompt">Their prompt.</param>
    /// <param name="candidates">At least one.</param>
    /// <param name="scorer">Says how good each looks; NaN counts as worst.</param>
    /// <exception cref="ArgumentException">There are no candidates.</exception>
    public static BestOfNChoice Choose(string prompt, IReadOnlyList<Candidate> candidates, ICandidateScorer scorer)
    {
        if (candidates.Count == 0)
        {
            throw new ArgumentException("candidates: must be at least one, found none");
        }

        double[] scores = [.. candidates.Select(candidate => scorer.Score(prompt, candidate))];
        var best = 0;
        for (var i = 1; i < scores.Length; i++)
        {
            best = scores[i] > scores[best] || double.IsNaN(scores[best]) ? i : best;
        }

        long tokens = candidates.Sum(candidate => (long)candidate.Tokens.Count);
        return new BestOfNChoice(best, scores, new SearchCost(tokens, tokens));
    }
}
