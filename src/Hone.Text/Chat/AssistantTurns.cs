namespace Hone.Text;

/// <summary>Where a text shows the assistant's turns.</summary>
/// <param name="Shown">The turns that stand in the text as the model would have said them, by number, with their
/// places.</param>
/// <param name="Rewritten">The turns that the text shows otherwise than when they were said, by number, in
/// order.</param>
internal sealed record AssistantTurns(IReadOnlyList<(int Turn, Range Place)> Shown, IReadOnlyList<int> Rewritten)
{
    /// <summary>Finds the turns by rendering the conversation up to each of them: the text with the beginning of an
    /// answer, and the text with the turn. What lies between is what the model would have to say there.</summary>
    /// <param name="conversation">The conversation.</param>
    /// <param name="messages">Its turns as far as the text goes.</param>
    /// <param name="text">The text.</param>
    /// <exception cref="TokenizerException">What stands before a turn changes with the turn.</exception>
    public static AssistantTurns Find(OpenConversation conversation, IReadOnlyList<Message> messages, string text)
    {
        List<(int, Range)> shown = [];
        List<int> rewritten = [];
        for (var turn = 0; turn < messages.Count; turn++)
        {
            if (!messages[turn].IsAssistant)
            {
                continue;
            }

            var said = turn + 1 == messages.Count ? text : conversation.Render(turn + 1, false).Text;
            var start = Start(conversation, turn, said);
            var end = text.StartsWith(said, StringComparison.Ordinal)
                ? said.Length
                : EndOfTurn(conversation, said, start);
            if (text.AsSpan().StartsWith(said.AsSpan(0, end)))
            {
                shown.Add((turn, start..Math.Max(start, said.AsSpan(0, end).TrimEnd().Length)));
            }
            else
            {
                rewritten.Add(turn);
            }
        }

        return new AssistantTurns(shown, rewritten);
    }

    /// <summary>Where a turn begins in a text that ends with it: behind the beginning of an answer; where the turn goes
    /// on otherwise than that beginning does, at the first difference.</summary>
    private static int Start(OpenConversation conversation, int turn, string said)
    {
        var prompt = conversation.Render(turn, true).Text;
        if (said.StartsWith(prompt, StringComparison.Ordinal))
        {
            return prompt.Length;
        }

        var before = turn == 0 ? "" : conversation.Render(turn, false).Text;
        var same = said.AsSpan().CommonPrefixLength(prompt);
        if (same < before.Length)
        {
            throw new TokenizerException(
                conversation.TemplateName,
                "the text before an assistant's turn must stay as it is when the turn follows, but what stands before "
                + $"turn {turn} is shown otherwise then, so that it cannot be told what is trained; give a template "
                + "with blocks {% generation %}");
        }

        // A difference within a tag such as <think> begins with the tag.
        var tag = before.Length + said.AsSpan(before.Length, same - before.Length).LastIndexOf('<');
        return tag >= before.Length && !said.AsSpan(tag, same - tag).Contains('>') ? tag : same;
    }

    /// <summary>Where a turn ends in a text that ends with it: before the end of text that some templates put behind
    /// whole conversations, where another special token ends the turn itself.</summary>
    private static int EndOfTurn(OpenConversation conversation, string said, int start)
    {
        var tokenizer = conversation.Tokenizer;
        var last = tokenizer.EosId is { } id ? tokenizer.TokenOf(id) : null;
        if (last is null || !said.AsSpan().TrimEnd().EndsWith(last, StringComparison.Ordinal))
        {
            return said.Length;
        }

        var end = said.LastIndexOf(last, StringComparison.Ordinal);
        return end > start && tokenizer.EncodeIds(said.AsSpan(start, end - start).TrimEnd(), false) is [.., var stop]
            && tokenizer.IsSpecial(stop)
                ? end
                : said.Length;
    }
}
