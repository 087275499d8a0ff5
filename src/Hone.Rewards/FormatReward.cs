using System.Text.RegularExpressions;

namespace Hone.Rewards;

/// <summary>1 when an answer matches a regular expression, else 0.</summary>
/// <param name="Pattern">The expression; <c>^</c> and <c>$</c> tie it to the ends of the answer.</param>
public sealed record FormatReward(string Pattern) : IReward
{
    private readonly Regex _regex = BoundedRegex.Of(Pattern);

    /// <inheritdoc/>
    public string Name => "format";

    /// <inheritdoc/>
    public RewardOutcome Score(RewardInput input, CancellationToken cancel) =>
        new RewardOutcome.Scored(_regex.IsMatch(input.Answer) ? 1 : 0);
}
