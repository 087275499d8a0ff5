using Hone.Conformance.Checking;
using Hone.Conformance.Goldens;
using Hone.Models;
using Hone.Text;

namespace Hone.Conformance.Checks.Real;

/// <summary>Whole texts behind a start token, and answers behind prompts: ids, log-probs of each token and their
/// sums.</summary>
public sealed class SequenceSumsCheck : ICheck
{
    public string Area => GoldenArea.Real;

    public IReadOnlyList<string> Kinds => ["perplexity", "hh_logprobs"];

    public void Run(GoldenCase golden, Findings findings)
    {
        using var model = RealModel.Load(golden);
        if (golden.Kind == "hh_logprobs")
        {
            CompareIds(golden, findings, model.Tokenizer!);
        }

        var (scorer, tolerance) = (new SequenceScorer(model.Decoder), RealModel.LogProbs(golden));
        foreach (var item in golden.Kind == "perplexity" ? Texts(golden) : Answers(golden))
        {
            var scores = scorer.Score([[.. item.Prompt, .. item.Answer]])[0][item.Prompt.Length..];
            double[] got = [.. scores.Select(score => (double)score)];
            findings.Close($"{item.At}.logprobs", item.LogProbs.Numbers, got, tolerance);
            findings.Close($"{item.At}.sum", item.Sum.Number, got.Sum(), RealModel.Sums);
        }
    }

    private static void CompareIds(GoldenCase golden, Findings findings, Tokenizer tokenizer)
    {
        var template = ChatTemplates.For(RealModel.Folder(golden), tokenizer, TimeProvider.System);
        foreach (var pair in golden.Record["pairs"].Items)
        {
            var prompt = template.Render(
                [.. pair["prompt_messages"].Items.Select(turn => new Message(turn["role"].Text, turn["content"].Text))],
                addGenerationPrompt: true);
            var before = tokenizer.EncodeIds(prompt, addSpecialTokens: false);
            findings.SameList(pair["prompt_ids"].At, RealModel.Ids(pair["prompt_ids"]), before);
            foreach (var side in new[] { "chosen", "rejected" })
            {
                var ids = tokenizer.EncodeIds($"{prompt}{pair[side].Text}<|im_end|>", addSpecialTokens: false);
                var expected = pair[$"{side}_ids"];
                findings.SameList(expected.At, RealModel.Ids(expected), ids[before.Length..]);
            }
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
