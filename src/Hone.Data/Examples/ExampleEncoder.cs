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
            var encoded = new (TrainingExample? Example, DataException? Problem)[chunk.Length];
            Parallel.For(0, chunk.Length, i => encoded[i] = TryEncode(chunk[i]));
            foreach (var (row, (example, problem)) in chunk.Zip(encoded))
            {
                examples.AddRange(fitter.Fit(row.At, example ?? throw problem!));
            }
        }

        return fitter.Report.Stopping > 0
            ? new EncodedExamples(examples, fitter.Report)
            : throw NothingStops(fitter.Report);
    }

    /// <summary>Encodes one row, whole, however long it is.</summary>
    /// <exception cref="DataException">The row holds no answer, or the tokenizer cannot express it.</exception>
    public TrainingExample Encode(Row row)
    {
        try
        {
            var (tokens, trained) = row switch
            {
                TextRow text => WithTrained(tokenizer.EncodeIds(Ended(text.Text)), from: 0),
                PromptCompletionRow { Prompt: PlainText prompt, Completion: PlainText completion } =>
                    Pair(prompt.Text, completion.Text),
                PromptCompletionRow { Prompt: Dialogue prompt, Completion: Dialogue completion } =>
                    Pair(prompt, completion.Messages),
                ConversationRow conversation => Conversation(conversation.Messages, conversation.Inputs),
                _ => throw new DataException(
                    row.At, "the row must say what is to be learnt: a text, a completion or an assistant's turn"),
            };
            if (options.TrainOn == TrainOn.Everything)
            {
                trained.AsSpan().Fill(true);
            }

            if (trained is [_, ..])
            {
                trained[0] = false;
            }

            return new TrainingExample(tokens, trained);
        }
        catch (TokenizerException problem)
        {
            throw new DataException(row.At, problem.Message);
        }
    }

    /// <summary>Encodes one row and makes of it what fits: nothing, an example, or several.</summary>
    /// <exception cref="DataException">The row cannot be encoded, or is too long and that is to be refused.</exception>
    public IReadOnlyList<TrainingExample> EncodeFitting(Row row) =>
        new ExampleFitter(options, Stops()).Fit(row.At, Encode(row));

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

    private (TrainingExample? Example, DataException? Problem) TryEncode(Row row)
    {
        try
        {
            return (Encode(row), null);
        }
        catch (DataException problem)
        {
            return (null, problem);
        }
    }

    private string Ended(string text) => text.EndsWith(_endOfText, StringComparison.Ordinal) ? text : text + _endOfText;

    private (int[] Tokens, bool[] Trained) Pair(string prompt, string completion)
    {
        var tokens = tokenizer.EncodeIds(prompt + Ended(completion));
        return WithTrained(tokens, from: tokens.AsSpan().CommonPrefixLength(tokenizer.EncodeIds(prompt)));
    }

    private (int[] Tokens, bool[] Trained) Pair(Dialogue prompt, IReadOnlyList<Message> completion)
    {
        var given = EncodePrompt(prompt);
        var (tokens, trained) = Conversation([.. prompt.Messages, .. completion], prompt.Inputs);
        trained.AsSpan(0, tokens.AsSpan().CommonPrefixLength(given)).Clear();
        return (tokens, trained);
    }

    private (int[] Tokens, bool[] Trained) Conversation(IReadOnlyList<Message> messages, ConversationInputs? inputs)
    {
        var conversation = template.Encode(tokenizer, messages, inputs);
        return (conversation.Ids, conversation.Trained);
    }

    private static (int[] Tokens, bool[] Trained) WithTrained(int[] tokens, int from)
    {
        var trained = new bool[tokens.Length];
        trained.AsSpan(from).Fill(true);
        return (tokens, trained);
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
            _ => "end conversations with an assistant's turn",
        };
        return new DataException($"data: at least one row must {what}, got none ({report}); {cure}");
    }
}
