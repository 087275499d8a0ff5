using Hone.Conformance.Checking;
using Hone.Conformance.Goldens;
using Hone.Models.Configuration;
using Hone.Models.Generation;

namespace Hone.Conformance.Checks.Models;

/// <summary>Probabilities after sampling options.</summary>
public sealed class ProcessorCheck : ICheck
{
    // Below this a weight in single precision may be zero although the token is kept.
    private const double Visible = 1e-30;

    // The end token of records that name none.
    private const int UsualEnd = 2;

    private static readonly string[] Offered =
    [
        "do_sample", "temperature", "top_k", "top_p", "min_p", "typical_p", "epsilon_cutoff", "eta_cutoff",
        "renormalize_logits", "repetition_penalty",
        "repetition", "frequency", "presence", "no_repeat_ngram_size", "bad_words_ids", "sequence_bias",
        "suppress_tokens", "min_new_tokens", "eos_token_id",
    ];

    public string Area => "models";

    public IReadOnlyList<string> Kinds => ["generation/processors"];

    public string? NotOffered(GoldenCase golden)
    {
        if (golden.Record.TextOr("made_by", "library") != "library" && golden.Options.Find("min_p") is not null)
        {
            return "min_p before top_p, the order of another engine, is not offered";
        }

        var other = golden.Options.Entries.FirstOrDefault(option => !Offered.Contains(option.Name)).Name;
        return other is null ? null : $"the sampler has no {other}";
    }

    public void Run(GoldenCase golden, Findings findings)
    {
        float[] logits = [.. golden.Record["logits"].Numbers.Select(logit => (float)logit)];
        var (ids, promptLength) = Text(golden.Record);
        var probabilities = new float[logits.Length];
        new TokenSampler(logits.Length).Distribution(
            logits, Options(golden.Options), new SampledText(ids, promptLength), probabilities);

        var expected = golden.Record["probabilities_float64"];
        findings.Same(
            "kept", expected.Numbers.Count(value => value > Visible), probabilities.Count(value => value > Visible));
        if (golden.Record.Find("depends_on_order_of_ties") is null)
        {
            findings.Close(
                expected, Array.ConvertAll(probabilities, value => (double)value), new Tolerance(1e-5, 1e-7));
        }
    }

    private static (int[] Ids, int PromptLength) Text(Field record)
    {
        if (record.Find("input_ids") is { } ids)
        {
            return (Ids(ids), (int)record["prompt_length"].Whole);
        }

        var prompt = Ids(record["prompt_ids"]);
        return ([.. prompt, .. Ids(record["output_ids"])], prompt.Length);
    }

    private static int[] Ids(Field list) => Array.ConvertAll(list.Numbers, id => (int)id);

    // Without do_sample the reference still gives the softmax of what is left: that of temperature 1.
    private static SamplingOptions Options(Field options) => new()
    {
        MaxNewTokens = int.MaxValue,
        Temperature = options.NumberOr("temperature", 1),
        TopK = (int)options.NumberOr("top_k", 0),
        TopP = options.NumberOr("top_p", 1),
        MinP = options.NumberOr("min_p", 0),
        TypicalP = options.NumberOr("typical_p", 1),
        EpsilonCutoff = options.NumberOr("epsilon_cutoff", 0),
        EtaCutoff = options.NumberOr("eta_cutoff", 0),
        RepetitionPenalty = options.NumberOr("repetition_penalty", options.NumberOr("repetition", 1)),
        FrequencyPenalty = options.NumberOr("frequency", 0),
        PresencePenalty = options.NumberOr("presence", 0),
        NoRepeatLength = (int)options.NumberOr("no_repeat_ngram_size", 0),
        Biases = [.. Biases(options), .. Banned(options)],
        Suppressed = options.Value("suppress_tokens") is { } suppressed ? ValueList.Create<int>(Ids(suppressed)) : [],
        MinNewTokens = (int)options.NumberOr("min_new_tokens", 0),
        StopTokens = options.Value("eos_token_id") is { } stop
            ? ValueList.Create<int>([.. stop.Numbers.Select(id => (int)id)]) : [UsualEnd],
    };

    private static IEnumerable<PhraseBias> Biases(Field options) => options.Value("sequence_bias") is { } biases
        ? biases.Items.Select(bias => new PhraseBias(ValueList.Create<int>(Ids(bias.Items[0])), bias.Items[1].Number))
        : [];

    // The reference never bans the end token by itself.
    private static IEnumerable<PhraseBias> Banned(Field options) => options.Value("bad_words_ids") is { } phrases
        ? phrases.Items.Select(Ids).Where(phrase => phrase is not [UsualEnd])
            .Select(phrase => new PhraseBias(ValueList.Create<int>(phrase), double.NegativeInfinity))
        : [];
}
