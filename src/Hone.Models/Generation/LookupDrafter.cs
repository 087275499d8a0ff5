namespace Hone.Models.Generation;

/// <summary>Copies what followed the last tokens where they stood before in the text.</summary>
/// <remarks>Prompt lookup, as in LLMA, arXiv:2304.04487.</remarks>
/// <param name="options">How much to look for.</param>
internal sealed class LookupDrafter(Speculation.Lookup options) : IDrafter
{
    public long ComputedTokens => 0;

    public void Draft(IReadOnlyList<RunningCompletion> completions)
    {
        foreach (var completion in completions)
        {
            completion.Propose(Find(completion.Tokens, options.LongestRun, completion.DraftLimit(options.DraftTokens)));
        }
    }

    public void Dispose()
    {
    }

    /// <summary>What may follow a text; empty where its last token is new.</summary>
    /// <param name="text">The text.</param>
    /// <param name="longestRun">The longest run of last tokens to look for.</param>
    /// <param name="count">Tokens to copy; where the text ends before, the copy goes on with itself.</param>
    internal static int[] Find(ReadOnlySpan<int> text, int longestRun, int count)
    {
        for (var run = Math.Min(longestRun, text.Length - 1); run > 0 && count > 0; run--)
        {
            var found = text[..^1].LastIndexOf(text[^run..]);
            if (found < 0)
            {
                continue;
            }

            var draft = new int[count];
            for (var i = 0; i < count; i++)
            {
                var from = found + run + i;
                draft[i] = from < text.Length ? text[from] : draft[from - text.Length];
            }

            return draft;
        }

        return [];
    }
}
