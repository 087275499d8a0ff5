using System.Text.Json;
using System.Text.Json.Nodes;
using Hone.Text.Chat.Jinja;

namespace Hone.Text;

/// <summary>A model's own chat template, in Jinja.</summary>
/// <remarks>
/// What is trained is found by rendering: the text up to an assistant's turn, with the beginning of an answer, and the
/// text with that turn; what lies between is the turn's own. Where the template has blocks <c>generation</c>, they alone
/// say what is trained.
/// </remarks>
public sealed class JinjaChatTemplate : IChatTemplate
{
    private readonly JinjaTemplate _template;
    private readonly JinjaTemplate _withTools;
    private readonly Tokenizer _tokenizer;
    private readonly TimeProvider _clock;
    private readonly Lazy<int?> _stop;

    /// <summary>Takes a template.</summary>
    /// <param name="template">The template.</param>
    /// <param name="withTools">The one for conversations with tools; often the same.</param>
    /// <param name="tokenizer">Whose special tokens the template can name.</param>
    /// <param name="clock">The time that the template sees.</param>
    public JinjaChatTemplate(JinjaTemplate template, JinjaTemplate withTools, Tokenizer tokenizer, TimeProvider clock)
    {
        (_template, _withTools, _tokenizer, _clock) = (template, withTools, tokenizer, clock);
        _stop = new Lazy<int?>(FindStop);
    }

    /// <inheritdoc/>
    public string Render(IReadOnlyList<Message> messages, bool addGenerationPrompt, ConversationInputs? inputs = null) =>
        Run(MessageJson.Of(messages), addGenerationPrompt, inputs).Text;

    /// <summary>The text of a conversation whose last turn is not at its end, for the model to go on from there.</summary>
    /// <param name="messages">The turns, in order; the last one says something.</param>
    /// <param name="inputs">What the template is given beside the turns.</param>
    /// <param name="field">The field of the last turn that goes on.</param>
    /// <exception cref="TokenizerException">The last turn has no such text, or the template does not show it.</exception>
    public string RenderUnfinished(
        IReadOnlyList<Message> messages, ConversationInputs? inputs = null, string field = "content")
    {
        var turns = MessageJson.Of(messages);
        var last = UnfinishedTurn.Mark(_template.Name, turns, field);
        return UnfinishedTurn.Cut(_template.Name, Run(turns, addGenerationPrompt: false, inputs).Text, last);
    }

    /// <inheritdoc/>
    public RenderedConversation RenderWithSpans(IReadOnlyList<Message> messages, ConversationInputs? inputs = null)
    {
        var rendering = Run(MessageJson.Of(messages), addGenerationPrompt: false, inputs);
        return For(inputs).HasGeneration
            ? new RenderedConversation(rendering.Text, rendering.GenerationSpans)
            : new RenderedConversation(rendering.Text, Turns(messages, inputs, rendering.Text));
    }

    /// <inheritdoc/>
    public int? StopId(Tokenizer tokenizer) => _stop.Value;

    /// <summary>The assistant's turns in the text, found by rendering the conversation up to each of them.</summary>
    private List<Range> Turns(IReadOnlyList<Message> messages, ConversationInputs? inputs, string text)
    {
        List<Range> spans = [];
        for (var turn = 0; turn < messages.Count; turn++)
        {
            if (!messages[turn].IsAssistant)
            {
                continue;
            }

            var before = Render([.. messages.Take(turn)], addGenerationPrompt: true, inputs);
            var after = Render([.. messages.Take(turn + 1)], addGenerationPrompt: false, inputs);
            if (!after.StartsWith(before, StringComparison.Ordinal) || !text.StartsWith(after, StringComparison.Ordinal))
            {
                throw new TokenizerException(
                    _template.Name,
                    $"the text up to a turn must stay as it is when turns follow, but turn {turn} is shown otherwise then, "
                    + "so that it cannot be told what is trained; give a template with blocks {% generation %}");
            }

            spans.Add(before.Length..after.AsSpan().TrimEnd().Length);
        }

        return spans;
    }

    /// <summary>The special token that follows an answer.</summary>
    private int? FindStop()
    {
        try
        {
            var tokens = ((IChatTemplate)this).Encode(_tokenizer, [new("user", "a"), new("assistant", "b")]);
            return tokens.StopIds is [var stop] && _tokenizer.IsSpecial(stop) ? stop : null;
        }
        catch (TokenizerException)
        {
            return null; // a template that refuses so short a conversation says nothing about its end
        }
    }

    private JinjaTemplate For(ConversationInputs? inputs) => inputs?.Tools is null ? _template : _withTools;

    private JinjaRendering Run(JsonArray messages, bool addGenerationPrompt, ConversationInputs? inputs)
    {
        var template = For(inputs);
        try
        {
            return template.Render(Variables(messages, addGenerationPrompt, inputs ?? new ConversationInputs()), _clock);
        }
        catch (JinjaException fault)
        {
            var place = fault.Line is { } line ? $"{template.Name}:{line}" : template.Name;
            throw new TokenizerException(place, fault.Message[(place.Length + 2)..], fault);
        }
    }

    private Dictionary<string, JsonElement> Variables(JsonArray messages, bool addGenerationPrompt, ConversationInputs inputs)
    {
        var nothing = JsonSerializer.SerializeToElement<string?>(null);
        var variables = new Dictionary<string, JsonElement>(StringComparer.Ordinal)
        {
            ["messages"] = JsonSerializer.SerializeToElement(messages),
            ["tools"] = inputs.Tools ?? nothing,
            ["documents"] = inputs.Documents ?? nothing,
            ["add_generation_prompt"] = JsonSerializer.SerializeToElement(addGenerationPrompt),
        };
        (string Name, int? Id)[] special =
        [
            ("bos_token", _tokenizer.BosId), ("eos_token", _tokenizer.EosId), ("unk_token", _tokenizer.UnknownId),
            ("sep_token", _tokenizer.SeparatorId), ("pad_token", _tokenizer.PadId), ("cls_token", _tokenizer.ClassifierId),
            ("mask_token", _tokenizer.MaskId),
        ];
        foreach (var (name, id) in special)
        {
            if (id is { } token)
            {
                variables[name] = JsonSerializer.SerializeToElement(_tokenizer.TokenOf(token));
            }
        }

        foreach (var (name, value) in inputs.Variables)
        {
            variables[name] = value;
        }

        return variables;
    }
}
