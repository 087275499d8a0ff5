using System.Text.Json;
using System.Text.Json.Nodes;
using Hone.Text.Chat.Jinja;

namespace Hone.Text;

/// <summary>A conversation as a template sees it, to be rendered up to any of its turns. What the template is given is
/// made once, however often it is rendered, and so is each text.</summary>
internal sealed class OpenConversation
{
    private readonly JinjaTemplate _template;
    private readonly TimeProvider _clock;
    private readonly Value[] _turns;
    private readonly Dictionary<string, Value> _variables;
    private readonly IReadOnlyDictionary<string, Value> _overriding;
    private readonly Dictionary<(int Turns, bool AddGenerationPrompt), JinjaRendering> _rendered = [];

    /// <summary>Takes a conversation.</summary>
    /// <param name="template">What shows it.</param>
    /// <param name="clock">The time that the template sees.</param>
    /// <param name="turns">The turns, in order.</param>
    /// <param name="inputs">What the template is given beside them.</param>
    /// <param name="tokenizer">Whose special tokens the template can name.</param>
    public OpenConversation(
        JinjaTemplate template,
        TimeProvider clock,
        JsonArray turns,
        ConversationInputs inputs,
        Tokenizer tokenizer)
    {
        (_template, _clock, Tokenizer) = (template, clock, tokenizer);
        _turns = [.. turns.Select(turn => JsonValues.Of(JsonSerializer.SerializeToElement(turn)))];
        _variables = SpecialTokens(tokenizer);
        _variables["tools"] = ValueOf(inputs.Tools);
        _variables["documents"] = ValueOf(inputs.Documents);
        _overriding = inputs.Variables.ToDictionary(
            pair => pair.Key, pair => JsonValues.Of(pair.Value), StringComparer.Ordinal);
    }

    /// <summary>What messages call the template.</summary>
    public string TemplateName => _template.Name;

    /// <summary>Whose tokens the text is for.</summary>
    public Tokenizer Tokenizer { get; }

    /// <summary>Renders the first turns.</summary>
    /// <param name="turns">How many.</param>
    /// <param name="addGenerationPrompt">Whether the beginning of an answer follows.</param>
    /// <exception cref="TokenizerException">The template cannot show them.</exception>
    public JinjaRendering Render(int turns, bool addGenerationPrompt)
    {
        if (_rendered.TryGetValue((turns, addGenerationPrompt), out var known))
        {
            return known;
        }

        var variables = new Dictionary<string, Value>(_variables, StringComparer.Ordinal)
        {
            ["messages"] = new ListValue(_turns[..turns]),
            ["add_generation_prompt"] = addGenerationPrompt ? BoolValue.True : BoolValue.False,
        };
        foreach (var (name, value) in _overriding)
        {
            variables[name] = value;
        }

        try
        {
            return _rendered[(turns, addGenerationPrompt)] = _template.Render(variables, _clock);
        }
        catch (JinjaException fault)
        {
            var place = fault.Line is { } line ? $"{TemplateName}:{line}" : TemplateName;
            throw new TokenizerException(place, fault.Message[(place.Length + 2)..], fault);
        }
    }

    /// <summary>Renders all turns.</summary>
    /// <exception cref="TokenizerException">The template cannot show them.</exception>
    public JinjaRendering Render(bool addGenerationPrompt) => Render(_turns.Length, addGenerationPrompt);

    private static Value ValueOf(JsonElement? element) =>
        element is { } given ? JsonValues.Of(given) : NoneValue.None;

    private static Dictionary<string, Value> SpecialTokens(Tokenizer tokenizer)
    {
        (string Name, int? Id)[] named =
        [
            ("bos_token", tokenizer.BosId), ("eos_token", tokenizer.EosId), ("unk_token", tokenizer.UnknownId),
            ("sep_token", tokenizer.SeparatorId), ("pad_token", tokenizer.PadId), ("cls_token", tokenizer.ClassifierId),
            ("mask_token", tokenizer.MaskId),
        ];
        return named.Where(token => token.Id is not null).ToDictionary(
            token => token.Name,
            token => (Value)new TextValue(tokenizer.TokenOf(token.Id!.Value)),
            StringComparer.Ordinal);
    }
}
