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
        ["do_sample", "temperature", "top_k", "top_p", "min_p", "repetition_penalty", "min_new_tokens", "eos_token_id"];

    public string Area => "models";

    public IReadOnlyList<string> Kinds => ["generation/processors"];

    public string? NotOffered(GoldenCase golden)
    {
        if (golden.Record.TextOr("made_by", "library") != "library")
        {
            return "the order of another engine is not offered";
        }

        var other = golden.Options.Entries.FirstOrDefault(option => !Offered.Contains(option.Name)).Name;
        return other is null ? null : $"the sampler has no {other}";
    }

    public void Run(GoldenCase golden, Findings findings)
    {
        float[] logits = [.. golden.Record["logits"].Numbers.Select(logit => (float)logit)];
        int[] ids = [.. golden.Record["input_ids"].Items.Select(id => (int)id.Whole)];
        var newTokens = ids.Length - (int)golden.Record["prompt_length"].Whole;
        var probabilities = new float[logits.Length];
        new TokenSampler(logits.Length).Distribution(logits, Options(golden.Options), [.. ids.Distinct()], newTokens, probabilities);

        var expected = golden.Record["probabilities_float64"];
        findings.Same("kept", expected.Numbers.Count(value => value > Visible), probabilities.Count(value => value > Visible));
        if (golden.Record.Find("depends_on_order_of_ties") is null)
        {
            findings.Close(expected, Array.ConvertAll(probabilities, value => (double)value), new Tolerance(1e-5, 1e-7));
        }
    }

    // Without do_sample the reference still gives the softmax of what is left: that of temperature 1.
    private static SamplingOptions Options(Field options) => new()
    {
        MaxNewTokens = int.MaxValue,
        Temperature = options.NumberOr("temperature", 1),
        TopK = (int)options.NumberOr("top_k", 0),
        TopP = options.NumberOr("top_p", 1),
        MinP = options.NumberOr("min_p", 0),
        RepetitionPenalty = options.NumberOr("repetition_penalty", 1),
        MinNewTokens = (int)options.NumberOr("min_new_tokens", 0),
        StopTokens = options.Value("eos_token_id") is { } stop ? ValueList.Create<int>([.. stop.Numbers.Select(id => (int)id)]) : [UsualEnd],
    };
}
