namespace Hone.Search;

/// <summary>Takes the answer that most completions agree on, or that gathers the highest scores.</summary>
/// <remarks>
/// Self-consistency, arXiv:2203.11171, section 2. A completion without an answer does not vote unless asked to; of
/// equal totals the answer seen first wins.
/// </remarks>
public static class MajorityVote
{
    /// <summary>One vote a completion.</summary>
    /// <param name="answers">The answer of each completion; null where it has none.</param>
    public static VoteResult Decide(IReadOnlyList<string?> answers) =>
        Decide(answers, [.. answers.Select(_ => 1.0)], VoteRule.Majority);

    /// <summary>Votes by a rule.</summary>
    /// <param name="answers">The answer of each completion; null where it has none.</param>
    /// <param name="scores">The score of each completion.</param>
    /// <param name="rule">What an answer gathers.</param>
    /// <param name="countMissing">Whether completions without an answer vote for having none.</param>
    /// <exception cref="ArgumentException">There is not one score an answer.</exception>
    public static VoteResult Decide(
        IReadOnlyList<string?> answers, IReadOnlyList<double> scores, VoteRule rule, bool countMissing = false)
    {
        if (answers.Count != scores.Count)
        {
            throw new ArgumentException(
                $"scores: must be one for each of {answers.Count} answers, found {scores.Count}");
        }

        var groups = answers
            .Select((answer, i) => (Answer: answer, Score: scores[i]))
            .Where(vote => countMissing || vote.Answer is not null)
            .GroupBy(vote => vote.Answer, vote => vote.Score)
            .ToList();
        if (groups.Count == 0)
        {
            return new VoteResult(null, 0, []);
        }

        var totals = groups.Select(group => (Answer: group.Key, Total: Total(rule, [.. group]))).ToList();
        var winner = groups[0];
        var highest = totals[0].Total;
        for (var i = 1; i < groups.Count; i++)
        {
            (winner, highest) = totals[i].Total > highest ? (groups[i], totals[i].Total) : (winner, highest);
        }

        return new VoteResult(winner.Key, winner.Count() / (double)groups.Sum(group => group.Count()), totals);
    }

    private static double Total(VoteRule rule, double[] scores) => rule switch
    {
        VoteRule.Majority => scores.Length,
        VoteRule.ScoreSum => scores.Sum(),
        VoteRule.ScoreMean => scores.Average(),
        VoteRule.HighestScore => scores.Max(),
        _ => throw new InvalidOperationException($"there is no rule {rule}"),
    };
}
