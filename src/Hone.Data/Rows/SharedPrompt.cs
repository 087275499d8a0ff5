using Hone.Text;

namespace Hone.Data;

/// <summary>Finds the prompt of a pair whose answers both begin with it.</summary>
/// <remarks>As TRL's <c>extract_prompt</c>: the longest common beginning, in messages or in characters; a space before
/// the place where texts part goes with the answers, since tokenizers bind it to the word behind. What we changed:
/// answers that are equal, or of which one goes on where the other ends, keep all they have in common in the
/// prompt.</remarks>
internal static class SharedPrompt
{
    /// <summary>Parts two texts from their prompt.</summary>
    public static PreferenceRow Of(SourceLine at, string chosen, string rejected)
    {
        var common = chosen.AsSpan().CommonPrefixLength(rejected);
        common -= common > 0 && char.IsHighSurrogate(chosen[common - 1]) ? 1 : 0; // half a character
        var parts = common < Math.Min(chosen.Length, rejected.Length);
        common -= parts && common > 0 && chosen[common - 1] == ' ' ? 1 : 0;
        return new PreferenceRow(
            at, new PlainText(chosen[..common]), new PlainText(chosen[common..]), new PlainText(rejected[common..]));
    }

    /// <summary>Parts two conversations from their prompt.</summary>
    /// <exception cref="DataException">One of them holds nothing more.</exception>
    public static PreferenceRow Of(SourceLine at, IReadOnlyList<Message> chosen, IReadOnlyList<Message> rejected)
    {
        var common = chosen.Zip(rejected).TakeWhile(pair => pair.First.Equals(pair.Second)).Count();
        return common < Math.Min(chosen.Count, rejected.Count)
            ? new PreferenceRow(
                at,
                new Dialogue([.. chosen.Take(common)]),
                new Dialogue([.. chosen.Skip(common)]),
                new Dialogue([.. rejected.Skip(common)]))
            : throw new DataException(
                at,
                "chosen and rejected must each hold a message that the other does not, "
                + $"they share their first {common} and one of them ends there");
    }
}
