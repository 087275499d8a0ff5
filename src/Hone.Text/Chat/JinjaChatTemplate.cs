using System.Text.Json.Nodes;
using Hone.Text.Chat.Jinja;

namespace Hone.Text;

/// <summary>A model's own chat template, in Jinja.</summary>
/// <remarks>
/// What is trained is found by rendering: the text up to an assistant's turn, with the beginning of an answer, and the
/// text with that turn; what lies between is the turn's own. Where the template has blocks <c>generation</c>, they say
/// what is trained, and are held against the turns.
/// </remarks>
public sealed class JinjaChatTemplate : IChatTemplate
{
    private readonly JinjaTemplate _template;
    private readonly JinjaTemplate _withTools;
    private readonly Tokenizer _tokenizer;
    private readonly TimeProvider _clock;
    private readonly ConversationInputs _defaults;
    private readonly Lazy<int?> _stop;

    /// <summary>Takes a template.</summary>
    /// <param name="template">The template.</param>
    /// <param name="withTools">The one for conversations with tools; often the same.</param>
    /// <param name="tokenizer">Whose special tokens the template can name.</param>
    /// <param name="clock">The time that the template sees.</param>
    /// <param name="defaults">What it is given where a conversation does not say; null for nothing.</param>
    public JinjaChatTemplate(
        JinjaTemplate template,
        JinjaTemplate withTools,
        Tokenizer tokenizer,
        TimeProvider clock,
        ConversationInputs? defaults = null)
    {
        (_template, _withTools, _tokenizer, _clock) = (template, withTools, tokenizer, clock);
        _defaults = defaults ?? new ConversationInputs();
        _stop = new Lazy<int?>(FindStop);
    }

    /// <inheritdoc/>
    public string Render(
        IReadOnlyList<Message> messages, bool addGenerationPrompt, ConversationInputs? inputs = null) =>
        Open(MessageJson.Of(messages), inputs).Render(addGenerationPrompt).Text;

    /// <inheritdoc/>
    public string RenderUnfinished(IReadOnlyList<Message> messages, ConversationInputs? inputs = null) =>
        RenderUnfinished(messages, inputs, "content");

    /// <summary>The text of a conversation of whose last turn one field is not at its end.</summary>
    /// <param name="messages">The turns, in order.</param>
    /// <param name="inputs">What the template is given beside the turns.</param>
    /// <param name="field">The field of the last turn that goes on, such as <c>reasoning_content</c>.</param>
    /// <exception cref="TokenizerException">The last turn has no such text, or the template does not show
    /// it.</exception>
    public string RenderUnfinished(IReadOnlyList<Message> messages, ConversationInputs? inputs, string field)
    {
        var turns = MessageJson.Of(messages);
        var last = UnfinishedTurn.Mark(_template.Name, turns, field);
        return UnfinishedTurn.Cut(_template.Name, Open(turns, inputs).Render(addGenerationPrompt: false).Text, last);
    }

    /// <inheritdoc/>
    public RenderedConversation RenderWithSpans(IReadOnlyList<Message> messages, ConversationInputs? inputs = null) =>
        WithSpans(Open(MessageJson.Of(messages), inputs), messages, _ => true, inputs);

    /// <inheritdoc/>
    public IReadOnlyList<RenderedConversation> RenderParts(
        IReadOnlyList<Message> messages, ConversationInputs? inputs = null, int firstTurn = 0)
    {
        var conversation = Open(MessageJson.Of(messages), inputs);
        var whole = WithSpans(conversation, messages, turn => turn >= firstTurn, inputs);
        List<RenderedConversation> parts = [whole];
        var open = whole.Rewritten.Where(turn => turn >= firstTurn).ToList();
        while (open is [.., var last])
        {
            var part = WithSpans(conversation, [.. messages.Take(last + 1)], open.Contains, inputs);
            parts.Add(part);
            open.RemoveAll(turn => turn == last || !part.Rewritten.Contains(turn));
        }

        return parts.Count > 1 && whole.TrainedSpans.Count == 0 ? parts[1..] : parts;
    }

    /// <inheritdoc/>
    public int? StopId(Tokenizer tokenizer) => _stop.Value;

    private RenderedConversation WithSpans(
        OpenConversation conversation,
        IReadOnlyList<Message> messages,
        Func<int, bool> isWanted,
        ConversationInputs? inputs)
    {
        var (text, blocks) = conversation.Render(messages.Count, addGenerationPrompt: false);
        if (For(inputs).HasGeneration)
        {
            return new RenderedConversation(text, blocks)
            {
                Doubt = GenerationCheck.Doubt(conversation, messages, text, blocks),
            };
        }

        var turns = AssistantTurns.Find(conversation, messages, text);
        var wanted = turns.Shown.Where(turn => isWanted(turn.Turn)).ToList();
        return new RenderedConversation(text, [.. wanted.Select(turn => turn.Place)])
        {
            Rewritten = turns.Rewritten,
            Turns = messages.Count,
            Doubt = wanted.Select(turn => TurnContent.Doubt(messages[turn.Turn], text.AsSpan()[turn.Place]))
                .FirstOrDefault(doubt => doubt is not null),
        };
    }

    /// <summary>The special token that ends an answer, whatever part of it is trained: in a conversation that goes on,
    /// where the template shows the answer there as it was said, else in one that ends with it.</summary>
    private int? FindStop()
    {
        Message[] exchange = [new("user", "a"), new("assistant", "b"), new("user", "c")];
        return Stop(exchange) ?? Stop(exchange[..2]);
    }

    private int? Stop(Message[] exchange)
    {
        var conversation = Open(MessageJson.Of(exchange), null);
        try
        {
            var (text, _) = conversation.Render(addGenerationPrompt: false);
            var answer = AssistantTurns.Find(conversation, exchange, text).Shown.Select(turn => turn.Place);
            var tokens = ConversationEncoder.Encode(_tokenizer, new RenderedConversation(text, [.. answer]));
            return tokens.StopIds is [var stop] && _tokenizer.IsSpecial(stop) ? stop : null;
        }
        catch (TokenizerException)
        {
            return null; // a template that refuses so short a conversation says nothing about its end
        }
    }

    private JinjaTemplate For(ConversationInputs? inputs) =>
        inputs?.Tools is null && _defaults.Tools is null ? _template : _withTools;

    private OpenConversation Open(JsonArray turns, ConversationInputs? inputs) => turns.Count > 0
        ? new(For(inputs), _clock, turns, _defaults.With(inputs), _tokenizer)
        : throw new TokenizerException(_template.Name, "a conversation must have at least one turn, got none");
}
