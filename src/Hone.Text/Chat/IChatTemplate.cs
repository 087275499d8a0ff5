namespace Hone.Text;

/// <summary>Lays a conversation out as the text that a chat model was, or will be, trained on.</summary>
public interface IChatTemplate
{
    /// <summary>The text of a conversation.</summary>
    /// <param name="messages">The turns, in order.</param>
    /// <param name="addGenerationPrompt">Whether the beginning of an assistant turn follows, for the model to go on
    /// from.</param>
    /// <param name="inputs">What the template is given beside the turns.</param>
    /// <exception cref="TokenizerException">The template cannot show the conversation.</exception>
    public string Render(IReadOnlyList<Message> messages, bool addGenerationPrompt, ConversationInputs? inputs = null);

    /// <summary>The text of a conversation whose last turn is not at its end, for the model to go on from
    /// there.</summary>
    /// <param name="messages">The turns, in order; the last one says something.</param>
    /// <param name="inputs">What the template is given beside the turns.</param>
    /// <exception cref="TokenizerException">The last turn says nothing in words, or the template does not show
    /// it.</exception>
    public string RenderUnfinished(IReadOnlyList<Message> messages, ConversationInputs? inputs = null);

    /// <summary>The text of a conversation, with the parts that are trained: what the assistant says, up to the token
    /// that ends its turn.</summary>
    /// <param name="messages">The turns, in order.</param>
    /// <param name="inputs">What the template is given beside the turns.</param>
    /// <exception cref="TokenizerException">The template cannot show the conversation, or it cannot be told which part
    /// of the text is whose.</exception>
    public RenderedConversation RenderWithSpans(IReadOnlyList<Message> messages, ConversationInputs? inputs = null);

    /// <summary>The texts that train a conversation: one, and one more for each group of the assistant's turns that a
    /// later text shows otherwise than the model would have said them. Such a turn is trained in a text that ends with
    /// it.</summary>
    /// <param name="messages">The turns, in order.</param>
    /// <param name="inputs">What the template is given beside the turns.</param>
    /// <param name="firstTurn">The number of the first turn that is to be trained where turns are found by
    /// rendering.</param>
    /// <returns>The text of the whole conversation first, unless it trains nothing and another one does.</returns>
    /// <exception cref="TokenizerException">The template cannot show the conversation, or it cannot be told which part
    /// of the text is whose.</exception>
    public IReadOnlyList<RenderedConversation> RenderParts(
        IReadOnlyList<Message> messages, ConversationInputs? inputs = null, int firstTurn = 0) =>
        [RenderWithSpans(messages, inputs)];

    /// <summary>The token that an assistant turn trains the model to stop with; null where no single token of
    /// <paramref name="tokenizer"/> ends one.</summary>
    public int? StopId(Tokenizer tokenizer);

    /// <summary>The tokens of a conversation and which of them are trained.</summary>
    /// <remarks>
    /// The text is encoded as a whole, without what the tokenizer's post-processor adds, as it is for generation. A
    /// token is trained when it overlaps a trained part.
    /// </remarks>
    /// <exception cref="TokenizerException">A message holds what the vocabulary cannot express, and there is no token
    /// for that.</exception>
    public TokenizedConversation Encode(
        Tokenizer tokenizer, IReadOnlyList<Message> messages, ConversationInputs? inputs = null) =>
        ConversationEncoder.Encode(tokenizer, RenderWithSpans(messages, inputs));

    /// <summary>The tokens of each text of <see cref="RenderParts"/>.</summary>
    /// <inheritdoc cref="RenderParts"/>
    public IReadOnlyList<TokenizedConversation> EncodeParts(
        Tokenizer tokenizer,
        IReadOnlyList<Message> messages,
        ConversationInputs? inputs = null,
        int firstTurn = 0) =>
        [.. RenderParts(messages, inputs, firstTurn).Select(part => ConversationEncoder.Encode(tokenizer, part))];
}
