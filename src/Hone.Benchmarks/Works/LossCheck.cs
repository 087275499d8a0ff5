using Hone.Benchmarks.Lines;
using Hone.Benchmarks.Models;
using Hone.Benchmarks.Recorded;

namespace Hone.Benchmarks.Works;

/// <summary>Whether the losses of a run are those of its model.</summary>
internal static class LossCheck
{
    /// <summary>All programs agree to 1e-4 in fp32; in bf16 they differ by up to 3e-4 among themselves.</summary>
    private static double LimitOf(string precision) => precision == Precisions.Float32 ? 1e-4 : 1e-3;

    /// <summary>
    /// On a checkpoint that the peers' scripts wrote the losses must be theirs. On random weights of our own the first
    /// one must be that of a model which knows nothing.
    /// </summary>
    public static Check Of(StoredModel model, string work, string precision, IReadOnlyList<double> losses) =>
        OfPeers(model, work, precision, losses) ?? Check.Within(
            "the first loss differs from an untrained model's by", Math.Abs(losses[0] - Untrained(model)), 0.1);

    /// <summary>Whether the losses are the peers'; null on weights of our own.</summary>
    public static Check? OfPeers(StoredModel model, string work, string precision, IReadOnlyList<double> losses)
    {
        var expected = PeerRecord.Shipped().Losses(work, precision);
        return model.IsPeers && expected.Count >= losses.Count
            ? Check.Within(
                "losses differ from the peers' by",
                losses.Zip(expected, (own, theirs) => Math.Abs(own - theirs)).Max(),
                LimitOf(precision))
            : null;
    }

    /// <summary>The mean loss of a model with random weights on targets drawn evenly.</summary>
    /// <remarks>
    /// The head's rows are normal with deviation 0.02 and the hidden state has unit mean square, so logits are normal
    /// with variance s² = hidden · 0.02², and E[log Σ exp z] − E[z] = ln V + s²/2.
    /// </remarks>
    private static double Untrained(StoredModel model)
    {
        var config = model.Model.Config();
        return Math.Log(config.VocabularySize) + (config.HiddenSize * 0.02 * 0.02 / 2);
    }
}
