using System.Globalization;
using System.Text.RegularExpressions;

namespace Hone.Rewards;

/// <summary>
/// 1 when the answer taken out of a text equals the row's own, else 0; does not apply to rows without one.
/// </summary>
/// <remarks>Texts are compared without the white space around them; two that are numbers are compared as
/// numbers.</remarks>
/// <param name="Column">The column that holds the right answer.</param>
/// <param name="Pattern">The expression whose first group is the answer in the text, its last match counting; empty for
/// the whole text.</param>
public sealed record ExactAnswerReward(string Column, string Pattern) : IReward
{
    private readonly Regex? _regex = Pattern.Length == 0 ? null : BoundedRegex.Of(Pattern);

    /// <inheritdoc/>
    public string Name => "exact_answer";

    /// <summary>The answer in a text; null where the expression does not match.</summary>
    public string? Extract(string text) => _regex is null
        ? text.Trim()
        : _regex.Matches(text) is [.., var last] ? last.Groups[last.Groups.Count > 1 ? 1 : 0].Value.Trim() : null;

    /// <inheritdoc/>
    public RewardOutcome Score(RewardInput input, CancellationToken cancel) => input.Text(Column) is { } expected
        ? new RewardOutcome.Scored(Extract(input.Answer) is { } found && AreEqual(found, expected.Trim()) ? 1 : 0)
        : new RewardOutcome.DoesNotApply();

    private static bool AreEqual(string found, string expected) =>
        found == expected
        || (decimal.TryParse(found, NumberStyles.Number, CultureInfo.InvariantCulture, out var first)
            && decimal.TryParse(expected, NumberStyles.Number, CultureInfo.InvariantCulture, out var second)
            && first == second);
}
