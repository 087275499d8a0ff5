namespace Hone.Rewards;

/// <summary>1 when an answer contains the row's word, as a whole word and in any case, else 0; does not apply to rows
/// without one.</summary>
/// <param name="Column">The column that holds the word.</param>
public sealed record ContainsWordReward(string Column) : IReward
{
    /// <inheritdoc/>
    public string Name => "contains_word";

    /// <inheritdoc/>
    public RewardOutcome Score(RewardInput input, CancellationToken cancel) => input.Text(Column)?.Trim() switch
    {
        null => new RewardOutcome.DoesNotApply(),
        "" => new RewardOutcome.Failed($"\"{Column}\" must hold a word, is empty"),
        var word => new RewardOutcome.Scored(Contains(input.Answer, word) ? 1 : 0),
    };

    private static bool Contains(string text, string word)
    {
        for (var at = 0; (at = text.IndexOf(word, at, StringComparison.OrdinalIgnoreCase)) >= 0; at++)
        {
            var end = at + word.Length;
            if ((at == 0 || !char.IsLetterOrDigit(text[at - 1]))
                && (end == text.Length || !char.IsLetterOrDigit(text[end])))
            {
                return true;
            }
        }

        return false;
    }
}
