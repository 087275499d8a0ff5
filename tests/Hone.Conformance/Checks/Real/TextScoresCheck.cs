using Hone.Conformance.Checking;
using Hone.Conformance.Goldens;
using Hone.Models;
using Hone.Torch;

namespace Hone.Conformance.Checks.Real;

/// <summary>Log-probs, entropies, ranks, likeliest tokens and logits of recorded texts.</summary>
public sealed class TextScoresCheck : ICheck
{
    public string Area => GoldenArea.Real;

    public IReadOnlyList<string> Kinds => ["logprobs"];

    public void Run(GoldenCase golden, Findings findings)
    {
        using var model = RealModel.Load(golden);
        using var noGrad = Autograd.NoGrad();
        var tolerance = RealModel.LogProbs(golden);
        foreach (var text in (golden.Record.Find("texts") ?? golden.Record["sequences"]).Items)
        {
            using var scope = TensorScope.Open();
            var ids = RealModel.Ids(text.Find("ids") ?? text["token_ids"]);
            var hidden = model.Decoder.Hidden(TokenBatch.Of(ids));                       // [token, hidden]
            var targets = Tensor.From<long>([.. ids[1..].Select(id => (long)id), 0], ids.Length);
            var scores = model.Decoder.Head.LogProbs(hidden, targets);
            var expected = text.Find("logprobs_f64") ?? text["logprobs_float64"];
            findings.Close(expected, scores.LogProbs.ToArray<double>().AsSpan(0, ids.Length - 1), tolerance);
            var entropy = text.Find("entropy_f64") ?? text["entropy_float64"];
            findings.Close(entropy, scores.Entropy.ToArray<double>().AsSpan(0, entropy.Items.Count), tolerance);

            var logits = model.Decoder.Head.Logits(hidden);                              // [token, vocab]
            if (text.Find("last_position_logits") is { } last)
            {
                findings.Close(last, logits.Select(0, ids.Length - 1).ToArray<double>(), tolerance);
            }

            if (text.Find("top5_logprobs") is not null)
            {
                CompareLikeliest(findings, text, logits.LogSoftmax(-1), targets, tolerance);
            }
        }
    }

    // Tokens that lie nearer than the tolerance may change places.
    private static void CompareLikeliest(
        Findings findings, Field text, Tensor logProbs, Tensor targets, Tolerance tolerance)
    {
        var ids = text["top5_ids"];
        var places = Tensor.From<long>([.. ids.Numbers.Select(id => (long)id)], ids.Shape);
        findings.Close(text["top5_logprobs"], logProbs.Gather(1, places).ToArray<double>(), tolerance);

        var own = logProbs.Gather(1, targets.View(-1, 1));                               // [token, 1]
        var least = Above(own + tolerance.Absolute);
        var most = Above(own - tolerance.Absolute);
        foreach (var (t, rank) in text["rank"].Items.Index())
        {
            findings.Same($"{rank.At} is possible", true, rank.Number >= least[t] && rank.Number <= most[t]);
        }

        double[] Above(Tensor threshold) => logProbs.GreaterThan(threshold).To(DType.Float32).Sum(-1).ToArray<double>();
    }
}
