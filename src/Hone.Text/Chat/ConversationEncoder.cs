namespace Hone.Text;

/// <summary>Carries the trained parts of a text over to its tokens.</summary>
internal static class ConversationEncoder
{
    /// <summary>Encodes the text; a token is trained when it overlaps a trained part.</summary>
    public static TokenizedConversation Encode(Tokenizer tokenizer, RenderedConversation conversation)
    {
        var tokens = tokenizer.Encode(conversation.Text, addSpecialTokens: false);
        var trained = new bool[tokens.Ids.Length];
        List<int> stops = [];
        var index = 0;
        foreach (var (start, end, said) in InCodePoints(conversation))
        {
            while (index < trained.Length && tokens.Offsets[(index * 2) + 1] <= start)
            {
                index++;
            }

            int? stop = null;
            for (; index < trained.Length && tokens.Offsets[index * 2] < end; index++)
            {
                trained[index] = true;
                stop = tokens.Offsets[index * 2] < said ? tokens.Ids[index] : stop;
            }

            if (stop is { } last)
            {
                stops.Add(last);
            }
        }

        return new TokenizedConversation(tokens.Ids, trained, [.. stops]) { Doubt = conversation.Doubt };
    }

    /// <summary>The trained parts in code points, each with the place behind which it has white space alone.</summary>
    private static IEnumerable<(int Start, int End, int Said)> InCodePoints(RenderedConversation conversation)
    {
        var position = 0;
        var codePoints = 0;
        foreach (var span in conversation.TrainedSpans)
        {
            codePoints += CountRunes(conversation.Text, position, span.Start.Value);
            var start = codePoints;
            var said = span.Start.Value + conversation.Text.AsSpan()[span].TrimEnd().Length;
            var saidCodePoints = start + CountRunes(conversation.Text, span.Start.Value, said);
            codePoints = saidCodePoints + CountRunes(conversation.Text, said, span.End.Value);
            position = span.End.Value;
            yield return (start, codePoints, saidCodePoints);
        }
    }

    private static int CountRunes(string text, int start, int end)
    {
        var count = 0;
        foreach (var _ in text.AsSpan(start, end - start).EnumerateRunes())
        {
            count++;
        }

        return count;
    }
}
