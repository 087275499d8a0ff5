using Hone.Text;

namespace Hone.Data;

/// <summary>Shows what of a row becomes which tokens.</summary>
/// <param name="tokenizer">The model's tokenizer.</param>
/// <param name="template">How the model's conversations are written.</param>
/// <param name="options">As for training.</param>
public sealed class RowPreview(Tokenizer tokenizer, IChatTemplate template, EncodingOptions options)
{
    private readonly ExampleEncoder _encoder = new(tokenizer, template, options);

    /// <summary>Whether a token that stops is trained in an example.</summary>
    public bool TrainsStop(TrainingExample example) => _encoder.TrainsStop(example);

    /// <summary>The examples of a row, whole, however long they are. Of a prompt nothing is trained: the model answers
    /// it itself. Of a preference there are two, the chosen answer before the rejected one.</summary>
    /// <exception cref="DataException">The tokenizer or the template cannot express the row.</exception>
    public IReadOnlyList<ExamplePreview> Of(Row row)
    {
        try
        {
            return row switch
            {
                PromptRow { Prompt: Dialogue prompt } => [OfPrompt(prompt)],
                PromptRow prompt => [new(Untrained(_encoder.EncodePrompt(prompt.Prompt)), [new("prompt", 0)])],
                PromptCompletionRow { Prompt: PlainText prompt } pair => [OfPair(prompt, _encoder.Encode(pair))],
                PromptCompletionRow { Prompt: Dialogue prompt, Completion: Dialogue completion } => OfTurns(
                    row, [.. prompt.Messages, .. completion.Messages], prompt.Inputs, prompt.Messages.Count),
                ConversationRow { Messages: var messages, Inputs: var inputs } => OfTurns(row, messages, inputs, 0),
                PreferenceRow pair => OfPreference(pair),
                _ => [new(_encoder.Encode(row), [new("text", 0)])],
            };
        }
        catch (TokenizerException problem)
        {
            throw new DataException(row.At, problem.Message);
        }
    }

    private static TrainingExample Untrained(int[] tokens) => new(tokens, new bool[tokens.Length]);

    private ExamplePreview OfPair(PlainText prompt, TrainingExample example)
    {
        var given = example.Tokens.AsSpan().CommonPrefixLength(_encoder.EncodePrompt(prompt));
        return given == 0
            ? new ExamplePreview(example, [new("completion", 0)])
            : new ExamplePreview(example, [new("prompt", 0), new("completion", given)]);
    }

    private ExamplePreview[] OfPreference(PreferenceRow row)
    {
        var (chosen, rejected) = new PreferenceEncoder(tokenizer, template, options).Encode(row);
        return [OfAnswer("chosen", chosen), OfAnswer("rejected", rejected)];
    }

    private static ExamplePreview OfAnswer(string name, TrainingExample example)
    {
        var given = Math.Max(0, Array.IndexOf(example.Trained, true));
        return given == 0
            ? new ExamplePreview(example, [new(name, 0)])
            : new ExamplePreview(example, [new("prompt", 0), new(name, given)]);
    }

    private ExamplePreview OfPrompt(Dialogue prompt)
    {
        var text = template.Render(prompt.Messages, addGenerationPrompt: true, prompt.Inputs);
        var sections = TurnSections.Of(tokenizer, template, text, prompt.Messages, prompt.Inputs);
        return new ExamplePreview(Untrained(_encoder.EncodePrompt(prompt)), sections);
    }

    private List<ExamplePreview> OfTurns(
        Row row, IReadOnlyList<Message> messages, ConversationInputs? inputs, int firstTurn)
    {
        var texts = template.RenderParts(messages, inputs, firstTurn);
        var examples = _encoder.EncodeParts(row);
        return
        [
            .. examples.Zip(texts, (example, part) =>
            {
                IReadOnlyList<Message> shown = part.Turns == 0 ? messages : [.. messages.Take(part.Turns)];
                return new ExamplePreview(example, TurnSections.Of(tokenizer, template, part.Text, shown, inputs));
            }),
        ];
    }
}
