using Hone.Conformance.Checking;
using Hone.Conformance.Goldens;
using Hone.Models;

namespace Hone.Conformance.Checks.Real;

/// <summary>Whole texts behind a start token, and answers behind prompts: log-probs of each token and their
/// sums.</summary>
public sealed class SequenceSumsCheck : ICheck
{
    public string Area => GoldenArea.Real;

    public IReadOnlyList<string> Kinds => ["perplexity", "hh_logprobs"];

    public void Run(GoldenCase golden, Findings findings)
    {
        using var model = RealModel.Load(golden);
        var (scorer, tolerance) = (new SequenceScorer(model.Decoder), RealModel.LogProbs(golden));
        foreach (var item in golden.Kind == "perplexity" ? Texts(golden) : Answers(golden))
        {
            var scores = scorer.Score([[.. item.Prompt, .. item.Answer]])[0][item.Prompt.Length..];
            double[] got = [.. scores.Select(score => (double)score)];
            findings.Close($"{item.At}.logprobs", item.LogProbs.Numbers, got, tolerance);
            findings.Close($"{item.At}.sum", item.Sum.Number, got.Sum(), RealModel.Sums);
        }
    }

    private static IEnumerable<Scored> Texts(GoldenCase golden)
    {
        const int start = 1;
        return RealModel.Records(golden).Select((record, i) => new Scored(
            $"{i}", [start], RealModel.Ids(record["ids"]), record["logprobs"], record["loglikelihood"]));
    }

    private static IEnumerable<Scored> Answers(GoldenCase golden) =>
        golden.Record["pairs"].Items.SelectMany(pair => new[] { "chosen", "rejected" }.Select(side => new Scored(
            $"{pair.At}.{side}",
            RealModel.Ids(pair["prompt_ids"]),
            RealModel.Ids(pair[$"{side}_ids"]),
            pair[$"{side}_logps"],
            pair[$"{side}_logp"])));

    private sealed record Scored(string At, int[] Prompt, int[] Answer, Field LogProbs, Field Sum);
}
