using Hone.Text;

namespace Hone.Data;

/// <summary>Makes pairs of sequences of preferences. An answer begins where its tokens first differ from those of the
/// prompt alone, the earlier place of the two, as TRL has it.</summary>
/// <param name="tokenizer">The model's tokenizer.</param>
/// <param name="template">How the model's conversations are written.</param>
/// <param name="options">How long sequences may be; a pair of which one has no target left is left out.</param>
public sealed class PreferenceEncoder(Tokenizer tokenizer, IChatTemplate template, EncodingOptions options)
{
    private readonly ExampleEncoder _encoder = new(tokenizer, template, options with { TrainOn = TrainOn.Everything });

    /// <summary>Encodes a data set, on all cores, in the order of its rows.</summary>
    /// <exception cref="DataException">A row cannot be encoded, or nothing is left of all rows.</exception>
    public EncodedPreferences EncodeAll(IEnumerable<Row> rows)
    {
        const int rowsAtOnce = 1024;
        var fitter = new ExampleFitter(options, new HashSet<int>());
        var examples = new List<PreferenceExample>();
        foreach (var chunk in rows.Chunk(rowsAtOnce))
        {
            var encoded = new (PreferenceExample? Example, DataException? Problem)[chunk.Length];
            Parallel.For(0, chunk.Length, i => encoded[i] = TryEncode(chunk[i]));
            foreach (var (row, (example, problem)) in chunk.Zip(encoded))
            {
                var (chosen, rejected) = example ?? throw problem!;
                if (fitter.Fit(row.At, chosen) is [var one] && fitter.Fit(row.At, rejected) is [var other])
                {
                    examples.Add(new PreferenceExample(one, other));
                }
            }
        }

        return examples.Count > 0
            ? new EncodedPreferences(examples, fitter.Report)
            : throw new DataException(
                $"data: at least one pair must have a token to train in both answers, none has ({fitter.Report}); "
                + "raise max_length or look at the rows");
    }

    /// <summary>Encodes one row, whole, however long it is.</summary>
    /// <exception cref="DataException">The row holds no pair, or the tokenizer cannot express it.</exception>
    public PreferenceExample Encode(Row row)
    {
        if (row is not PreferenceRow pair)
        {
            throw new DataException(
                row.At,
                "the row must hold a preference: columns chosen and rejected, and prompt where these do not begin "
                    + "with it");
        }

        try
        {
            var (chosen, rejected) = (Tokens(pair, pair.Chosen), Tokens(pair, pair.Rejected));
            var prompt = pair.Prompt is Dialogue { Messages: [] } ? [] : _encoder.EncodePrompt(pair.Prompt);
            var start = Math.Min(
                chosen.AsSpan().CommonPrefixLength(prompt), rejected.AsSpan().CommonPrefixLength(prompt));
            return new PreferenceExample(Answered(chosen, start), Answered(rejected, start));
        }
        catch (TokenizerException problem)
        {
            throw new DataException(row.At, problem.Message);
        }
    }

    /// <summary>A prompt with one of its answers. What of a conversation the assistant says does not matter
    /// here.</summary>
    private int[] Tokens(PreferenceRow pair, RowContent answer) => (pair.Prompt, answer) switch
    {
        (Dialogue prompt, Dialogue { Messages: var turns }) => tokenizer.EncodeIds(
            template.Render([.. prompt.Messages, .. turns], addGenerationPrompt: false, prompt.Inputs),
            addSpecialTokens: false),
        _ => _encoder.Encode(new PromptCompletionRow(pair.At, pair.Prompt, answer)).Tokens,
    };

    private (PreferenceExample? Example, DataException? Problem) TryEncode(Row row)
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

    private static TrainingExample Answered(int[] tokens, int start) =>
        new(tokens, [.. tokens.Select((_, t) => t >= Math.Max(1, start))]);
}
