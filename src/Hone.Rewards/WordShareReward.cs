using System.Text.RegularExpressions;

namespace Hone.Rewards;

/// <summary>
/// The share of an answer's words that match a regular expression. An answer without words is not judged.
/// </summary>
/// <param name="Pattern">The expression; <c>^</c> and <c>$</c> tie it to the ends of a word.</param>
public sealed record WordShareReward(string Pattern) : IReward
{
    private readonly Regex _regex = BoundedRegex.Of(Pattern);

    /// <inheritdoc/>
    public string Name => "word_share";

    /// <inheritdoc/>
    public RewardOutcome Score(RewardInput input, CancellationToken cancel)
    {
        var words = input.Answer.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries);
        return words is []
            ? new RewardOutcome.DoesNotApply()
            : new RewardOutcome.Scored(words.Count(word => _regex.IsMatch(word)) / (double)words.Length);
    }
}
