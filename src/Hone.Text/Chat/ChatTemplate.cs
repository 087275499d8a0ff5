using System.Text;

namespace Hone.Text;

/// <summary>Lays a conversation out as the text that a chat model was, or will be, trained on.</summary>
/// <remarks>
/// The layout is that of ChatML: <c>&lt;|im_start|&gt;role⏎content&lt;|im_end|&gt;⏎</c>. What is trained is decided
/// here, by roles, while the text is made: of each assistant turn its content and the mark that ends it. Nothing looks
/// at token ids for that.
/// </remarks>
public sealed class ChatTemplate : IChatTemplate
{
    /// <summary>What is worth knowing where it stands in for a template of the model's own.</summary>
    public const string Note = "the model comes with no chat template; conversations are laid out as ChatML, as far as "
        + "its tokenizer has the tokens";

    private const string AssistantRole = "assistant";

    private readonly string _turnStart;

    private ChatTemplate(string turnStart, string turnEnd)
    {
        _turnStart = turnStart;
        TurnEnd = turnEnd;
    }

    /// <summary>The usual marks: <c>&lt;|im_start|&gt;</c> and <c>&lt;|im_end|&gt;</c>.</summary>
    public static ChatTemplate ChatMl { get; } = new("<|im_start|>", "<|im_end|>");

    /// <summary>What ends a turn, and so what an assistant turn trains the model to stop with.</summary>
    public string TurnEnd { get; }

    /// <summary>The same layout with marks that <paramref name="tokenizer"/> has a token for: where it lacks the usual
    /// ones, a turn starts without a mark and ends with the tokenizer's end of text.</summary>
    /// <exception cref="TokenizerException">It has neither: no token could end a turn.</exception>
    public static ChatTemplate ChatMlFor(Tokenizer tokenizer)
    {
        var start = tokenizer.IdOf(ChatMl._turnStart) is null ? "" : ChatMl._turnStart;
        if (tokenizer.IdOf(ChatMl.TurnEnd) is not null)
        {
            return new ChatTemplate(start, ChatMl.TurnEnd);
        }

        return tokenizer.EosId is { } end
            ? new ChatTemplate(start, tokenizer.TokenOf(end))
            : throw new TokenizerException(
                "chat template",
                    $"a turn must end with one token, but the tokenizer has neither \"{ChatMl.TurnEnd}\" nor "
                    + "an end of text; name an eos_token");
    }

    /// <summary>The token that an assistant turn trains the model to stop with; null where <see cref="TurnEnd"/> is not
    /// one token of <paramref name="tokenizer"/>, so that no stop would be trained.</summary>
    public int? StopId(Tokenizer tokenizer) => tokenizer.EncodeIds(TurnEnd, addSpecialTokens: false) is [var only]
        ? only
        : null;

    /// <summary>The text of a conversation.</summary>
    /// <param name="messages">The turns, in order.</param>
    /// <param name="addGenerationPrompt">Whether the beginning of an assistant turn follows, for the model to go on
    /// from.</param>
    /// <param name="inputs">Must be nothing: the layout has no place for tools and documents.</param>
    public string Render(IReadOnlyList<Message> messages, bool addGenerationPrompt, ConversationInputs? inputs = null)
    {
        var text = RenderWithSpans(messages, inputs).Text;
        return addGenerationPrompt ? $"{text}{_turnStart}{AssistantRole}\n" : text;
    }

    /// <inheritdoc/>
    public RenderedConversation RenderWithSpans(IReadOnlyList<Message> messages, ConversationInputs? inputs = null)
    {
        if (inputs is { Tools: not null } or { Documents: not null }
            || messages.Any(message => message.Fields is not null))
        {
            throw ShowsTextAlone();
        }

        var text = new StringBuilder();
        List<Range> spans = [];
        foreach (var message in messages)
        {
            text.Append(_turnStart).Append(message.Role).Append('\n');
            var start = text.Length;
            text.Append(message.Content).Append(TurnEnd);
            if (message.IsAssistant)
            {
                spans.Add(start..text.Length);
            }

            text.Append('\n');
        }

        return new RenderedConversation(text.ToString(), spans);
    }

    /// <inheritdoc/>
    public string RenderUnfinished(IReadOnlyList<Message> messages, ConversationInputs? inputs = null) =>
        RenderWithSpans(messages, inputs).Text[..^(TurnEnd.Length + 1)];

    /// <summary>What is said where more than texts should be laid out.</summary>
    internal static TokenizerException ShowsTextAlone() => new(
        "chat template",
        "tools, documents, variables and turns that are more than a text must go to the model's own template, but it "
        + "has none; put its chat_template.jinja beside the tokenizer");

    /// <inheritdoc cref="IChatTemplate.Encode"/>
    public TokenizedConversation Encode(
        Tokenizer tokenizer, IReadOnlyList<Message> messages, ConversationInputs? inputs = null) =>
        ConversationEncoder.Encode(tokenizer, RenderWithSpans(messages, inputs));
}
