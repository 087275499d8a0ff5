using Hone.Text;

namespace Hone.Data;

/// <summary>Makes tokens of rows. What is trained is settled here, by the parts and roles of a row, not by tokens
/// later.</summary>
/// <param name="tokenizer">The model's tokenizer.</param>
/// <param name="template">How the model's conversations are written.</param>
/// <param name="options">How long examples may be and what of them is trained.</param>
public sealed class ExampleEncoder(Tokenizer tokenizer, IChatTemplate template, EncodingOptions options)
{
    private const int RowsAtOnce = 1024;

    private readonly string _endOfText = tokenizer.EosId is { } id ? tokenizer.TokenOf(id) : "";

    /// <summary>Encodes a data set, on all cores, in the order of its rows.</summary>
    /// <param name="rows">Rows that can be learnt: texts, prompts with completions, conversations.</param>
    /// <exception cref="DataException">A row cannot be encoded, or no row trains the model to stop.</exception>
    public EncodedExamples EncodeAll(IEnumerable<Row> rows)
    {
        var fitter = new ExampleFitter(options, Stops());
        var examples = new List<TrainingExample>();
        foreach (var chunk in rows.Chunk(RowsAtOnce))
        {
            var encoded = new (IReadOnlyList<TrainingExample>? Parts, DataException? Problem)[chunk.Length];
            Parallel.For(0, chunk.Length, i => encoded[i] = TryEncode(chunk[i]));
            for (var i = 0; i < chunk.Length; i++)
            {
                examples.AddRange(fitter.Fit(chunk[i].At, [.. encoded[i].Parts ?? throw encoded[i].Problem!]));
            }
        }

        return fitter.Report.Stopping > 0
            ? new EncodedExamples(examples, fitter.Report)
            : throw NothingStops(fitter.Report);
    }

    /// <summary>Encodes one row as one example, whole, however long it is. Turns that its text shows otherwise than the
    /// model would have said them are not trained; <see cref="EncodeParts"/> trains these too.</summary>
    /// <exception cref="DataException">The row holds no answer, or the tokenizer cannot express it.</exception>
    public TrainingExample Encode(Row row) => At(row, () => Whole(row));

    /// <summary>Encodes one row, whole, however long it is: as one example, or as several where its template shows
    /// turns of the assistant otherwise once others follow, so that each turn is trained as the model would have to say
    /// it.</summary>
    /// <inheritdoc cref="Encode"/>
    public IReadOnlyList<TrainingExample> EncodeParts(Row row) => At(row, () => row switch
    {
        _ when options.TrainOn == TrainOn.Everything => (IReadOnlyList<TrainingExample>)[Whole(row)],
        PromptCompletionRow { Prompt: Dialogue prompt, Completion: Dialogue completion } => Parts(
            [.. prompt.Messages, .. completion.Messages], prompt.Inputs, EncodePrompt(prompt), prompt.Messages.Count),
        ConversationRow conversation => Parts(conversation.Messages, conversation.Inputs, [], firstTurn: 0),
        _ => [Whole(row)],
    });

    /// <summary>Encodes one row and makes of it what fits: nothing, an example, or several.</summary>
    /// <exception cref="DataException">The row cannot be encoded, or is too long and that is to be refused.</exception>
    public IReadOnlyList<TrainingExample> EncodeFitting(Row row) =>
        new ExampleFitter(options, Stops()).Fit(row.At, [.. EncodeParts(row)]);

    /// <summary>Whether an example has a target that ends a text or a turn.</summary>
    public bool TrainsStop(TrainingExample example) => new ExampleFitter(options, Stops()).Stops(example);

    /// <summary>Encodes what a model is to go on from: raw text as it stands, messages with the beginning of an
    /// answer.</summary>
    /// <exception cref="TokenizerException">The tokenizer cannot express it.</exception>
    public int[] EncodePrompt(RowContent prompt) => prompt switch
    {
        PlainText { Text: var text } => tokenizer.EncodeIds(text),
        Dialogue dialogue => tokenizer.EncodeIds(
            template.Render(dialogue.Messages, addGenerationPrompt: true, dialogue.Inputs), addSpecialTokens: false),
        _ => throw new InvalidOperationException($"{prompt.GetType().Name} cannot be encoded"),
    };

    private (IReadOnlyList<TrainingExample>? Parts, DataException? Problem) TryEncode(Row row)
    {
        try
        {
            return (EncodeParts(row), null);
        }
        catch (DataException problem)
        {
            return (null, problem);
        }
    }

    private static T At<T>(Row row, Func<T> encode)
    {
        try
        {
            return encode();
        }
        catch (TokenizerException problem)
        {
            throw new DataException(row.At, problem.Message);
        }
    }

    private TrainingExample Whole(Row row)
    {
        var example = row switch
        {
            TextRow text => WithTrained(tokenizer.EncodeIds(Ended(text.Text)), from: 0),
            PromptCompletionRow { Prompt: PlainText prompt, Completion: PlainText completion } =>
                Pair(prompt.Text, completion.Text),
            PromptCompletionRow { Prompt: Dialogue prompt, Completion: Dialogue completion } => Conversation(
                template.Encode(tokenizer, [.. prompt.Messages, .. completion.Messages], prompt.Inputs),
                EncodePrompt(prompt)),
            ConversationRow conversation => Conversation(
                template.Encode(tokenizer, conversation.Messages, conversation.Inputs), given: []),
            _ => throw new DataException(
                row.At, "the row must say what is to be learnt: a text, a completion or an assistant's turn"),
        };
        if (options.TrainOn == TrainOn.Everything && example.Length > 0)
        {
            example.Trained.AsSpan(1..).Fill(true);
        }

        return example;
    }

    private IReadOnlyList<TrainingExample> Parts(
        IReadOnlyList<Message> messages, ConversationInputs? inputs, int[] given, int firstTurn) =>
        [.. template.EncodeParts(tokenizer, messages, inputs, firstTurn).Select(part => Conversation(part, given))];

    private string Ended(string text) => text.EndsWith(_endOfText, StringComparison.Ordinal) ? text : text + _endOfText;

    private TrainingExample Pair(string prompt, string completion)
    {
        var tokens = tokenizer.EncodeIds(prompt + Ended(completion));
        return WithTrained(tokens, from: tokens.AsSpan().CommonPrefixLength(tokenizer.EncodeIds(prompt)));
    }

    /// <summary>A conversation, of which nothing is trained that it shares with what was given.</summary>
    private static TrainingExample Conversation(TokenizedConversation conversation, int[] given)
    {
        var (tokens, trained) = (conversation.Ids, conversation.Trained);
        var first = Math.Max(tokens.AsSpan().CommonPrefixLength(given), 1);
        trained.AsSpan(0, Math.Min(first, trained.Length)).Clear();
        return new TrainingExample(tokens, trained) { Doubt = conversation.Doubt };
    }

    private static TrainingExample WithTrained(int[] tokens, int from)
    {
        var trained = new bool[tokens.Length];
        trained.AsSpan(Math.Min(Math.Max(from, 1), trained.Length)).Fill(true);
        return new TrainingExample(tokens, trained);
    }

    private HashSet<int> Stops() => [.. new[] { tokenizer.EosId, template.StopId(tokenizer) }.OfType<int>()];

    private DataException NothingStops(EncodingReport report)
    {
        var what = report.Examples == 0 ? "have a token to train" : "train the model to stop";
        var cure = report switch
        {
            { Examples: 0 } => "raise max_length or look at the rows",
            { Cut: > 0 } or { Split: > 0 } or { TooLong: > 0 } => "raise max_length, so that ends are not cut off",
            _ when tokenizer.EosId is null => "name an eos_token in the tokenizer's files",
            _ => "end conversations with an assistant's turn, and where the chat template has blocks {% generation %}, "
                + "let them hold what ends a turn",
        };
        return new DataException($"data: at least one row must {what}, got none ({report}); {cure}");
    }
}
