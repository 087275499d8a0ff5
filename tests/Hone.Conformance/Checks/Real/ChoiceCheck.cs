using Hone.Conformance.Checking;
using Hone.Conformance.Goldens;
using Hone.Models;

namespace Hone.Conformance.Checks.Real;

/// <summary>Questions whose answers are chosen by their log-likelihoods, item by item.</summary>
public sealed class ChoiceCheck : ICheck
{
    public string Area => GoldenArea.Real;

    public IReadOnlyList<string> Kinds => ["mmlu_5shot", "truthfulqa_mc1"];

    public void Run(GoldenCase golden, Findings findings)
    {
        using var model = RealModel.Load(golden);
        var records = RealModel.Records(golden);
        var prompts = new EvaluationPrompts(golden, records);
        foreach (var (i, record) in records.Index())
        {
            var context = model.Tokenizer!.EncodeIds(prompts.Of(record), addSpecialTokens: false);
            findings.Same($"{i}.context_tokens", record["context_tokens"].Whole, context.Length);
            int[][] choices = [.. record["continuation_ids"].Items.Select(RealModel.Ids)];
            var scores = Scores(model.Decoder, context, choices);
            findings.Close($"{i}.loglikelihoods", record["loglikelihoods"].Numbers, scores, RealModel.Sums);
            findings.Same($"{i}.prediction", record["prediction"].Whole, Array.IndexOf(scores, scores.Max()));
        }
    }

    // Choices of one token are all predicted at the end of the prompt: one pass has every one of them.
    private static double[] Scores(Decoder decoder, int[] context, int[][] choices)
    {
        if (choices.All(choice => choice.Length == 1))
        {
            return ContextScores.OfNext(decoder, context, [.. choices.Select(choice => choice[0])]);
        }

        var scores = new SequenceScorer(decoder).Score([.. choices.Select(choice => (int[])[.. context, .. choice])]);
        return [.. scores.Select(score => score[context.Length..].Sum(one => (double)one))];
    }
}
