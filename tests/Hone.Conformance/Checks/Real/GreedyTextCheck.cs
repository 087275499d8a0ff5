using Hone.Conformance.Checking;
using Hone.Conformance.Goldens;
using Hone.Models;
using Hone.Models.Generation;
using Hone.Torch;

namespace Hone.Conformance.Checks.Real;

/// <summary>The likeliest continuations of recorded prompts: tokens, log-probs, and how near the second tokens
/// came.</summary>
/// <remarks>A token that ended a run of stories260k (<c>bos</c>) is no stop of the model and not in the record: the
/// length asked for leaves it out.</remarks>
public sealed class GreedyTextCheck : ICheck
{
    public string Area => GoldenArea.Real;

    public IReadOnlyList<string> Kinds => ["greedy"];

    public void Run(GoldenCase golden, Findings findings)
    {
        using var model = RealModel.Load(golden);
        var cases = golden.Record["cases"].Items;
        var options = new SamplingOptions
        {
            MaxNewTokens = (int)golden.Record["max_new_tokens"].Whole,
            Temperature = 0,
            StopTokens = model.Generation.StopTokens,
        };
        var requests = cases.Select(item => new GenerationRequest(
            Prompt(item),
            item.TextOr("finish_reason", "") == "bos"
                ? options with { MaxNewTokens = Expected(item).Items.Count }
                : options));
        var answers = model.CreateEngine(new EngineOptions()).Run([.. requests], null, CancellationToken.None);
        foreach (var (item, answer) in cases.Zip(answers))
        {
            findings.SameList(Expected(item).At, RealModel.Ids(Expected(item)), answer.Tokens);
            if (item.Find("logprobs") is { } logProbs)
            {
                double[] got = [.. answer.LogProbs.Select(value => (double)value)];
                findings.Close(logProbs, got, RealModel.LogProbs(golden));
            }

            if ((item.Find("margins_f64") ?? item.Find("top1_top2_logit_margin_float64")) is { } margins)
            {
                findings.Close(margins, Margins(model.Decoder, Prompt(item), answer.Tokens), new Tolerance(0, 3e-4));
            }
        }
    }

    private static Field Expected(Field item) => item.Find("generated_token_ids") ?? item["ids"];

    private static int[] Prompt(Field item) => RealModel.Ids(item.Find("prompt_token_ids") ?? item["prompt_ids"]);

    /// <summary>The likeliest logit less the second, at each token of an answer.</summary>
    private static double[] Margins(Decoder decoder, int[] prompt, int[] answer)
    {
        using var scope = TensorScope.Open();
        using var noGrad = Autograd.NoGrad();
        var logits = decoder.Head.Logits(decoder.Hidden(TokenBatch.Of([.. prompt, .. answer])));
        var before = logits.Narrow(0, prompt.Length - 1, answer.Length);                 // [token, vocab]
        return [.. Enumerable.Range(0, answer.Length).Select(t =>
        {
            var row = before.Select(0, t).ToArray<double>();
            Array.Sort(row);
            return row[^1] - row[^2];
        })];
    }
}
