using Hone.Text;

namespace Hone.Data;

/// <summary>Finds the turns of a conversation among its tokens.</summary>
internal static class TurnSections
{
    /// <summary>The sections of a text: a turn each, or several turns where the text does not begin as that of the
    /// conversation up to there.</summary>
    /// <param name="tokenizer">Whose tokens.</param>
    /// <param name="template">What made the text.</param>
    /// <param name="text">The text.</param>
    /// <param name="messages">The turns that it shows.</param>
    /// <param name="inputs">What the template was given beside them.</param>
    public static IReadOnlyList<ExampleSection> Of(
        Tokenizer tokenizer,
        IChatTemplate template,
        string text,
        IReadOnlyList<Message> messages,
        ConversationInputs? inputs)
    {
        var offsets = tokenizer.Encode(text, addSpecialTokens: false).Offsets;
        List<ExampleSection> sections = [];
        List<string> roles = [];
        var start = 0;
        for (var turn = 0; turn < messages.Count; turn++)
        {
            roles.Add(messages[turn].Role);
            if (End(template, text, [.. messages.Take(turn + 1)], inputs) is { } end && end > start)
            {
                sections.Add(new ExampleSection(string.Join(", ", roles), TokenAt(offsets, text, start)));
                (start, roles) = (end, []);
            }
        }

        if (start < text.Length)
        {
            var name = roles.Count == 0 ? "answer" : string.Join(", ", roles);
            sections.Add(new ExampleSection(name, TokenAt(offsets, text, start)));
        }

        return sections is [] ? [new("nothing", 0)] : sections;
    }

    /// <summary>Where the text of the first turns ends in the whole text; null where it does not begin it.</summary>
    private static int? End(IChatTemplate template, string text, Message[] turns, ConversationInputs? inputs)
    {
        try
        {
            var shown = template.Render(turns, addGenerationPrompt: false, inputs);
            return text.StartsWith(shown, StringComparison.Ordinal) ? shown.Length : null;
        }
        catch (TokenizerException)
        {
            return null; // the first turns are no conversation that the template shows
        }
    }

    /// <summary>The first token that ends behind a place of the text.</summary>
    private static int TokenAt(ReadOnlySpan<int> offsets, string text, int place)
    {
        var codePoints = 0;
        foreach (var letter in text.AsSpan(0, place))
        {
            codePoints += char.IsLowSurrogate(letter) ? 0 : 1;
        }

        var token = 0;
        while (token * 2 < offsets.Length && offsets[(token * 2) + 1] <= codePoints)
        {
            token++;
        }

        return place == 0 ? 0 : token;
    }
}
