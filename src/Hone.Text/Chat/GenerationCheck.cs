namespace Hone.Text;

/// <summary>Holds the blocks <c>generation</c> of a template against the turns of the conversation. The blocks decide
/// what is trained; that they leave out whole turns, or hold what others say, is most likely not meant.</summary>
internal static class GenerationCheck
{
    /// <summary>What contradicts, in words; null where nothing does, or where turns cannot be told.</summary>
    public static string? Doubt(
        OpenConversation conversation, IReadOnlyList<Message> messages, string text, IReadOnlyList<Range> blocks)
    {
        AssistantTurns turns;
        try
        {
            turns = AssistantTurns.Find(conversation, messages, text);
        }
        catch (TokenizerException)
        {
            return null; // the conversation up to some turn is none that the template shows
        }

        if (turns.Shown.Any(turn => IsSome(turn.Place) && !blocks.Any(block => Meet(block, turn.Place))))
        {
            return "an assistant's turn lies in no block {% generation %} of the chat template, so that it is not "
                + "trained";
        }

        return turns.Rewritten.Count == 0
            && blocks.Any(block => IsSome(block) && !turns.Shown.Any(turn => Meet(block, turn.Place)))
            ? "a block {% generation %} of the chat template holds what no assistant's turn says, and that is trained"
            : null;
    }

    private static bool IsSome(Range place) => place.Start.Value < place.End.Value;

    private static bool Meet(Range one, Range other) =>
        one.Start.Value < other.End.Value && other.Start.Value < one.End.Value;
}
