using Hone.Data;
using Hone.Models;
using Hone.Torch;

namespace Hone.Training.Updates;

/// <summary>What a model says of given targets.</summary>
public static class ModelScorer
{
    /// <summary>A shorter common beginning, such as a token that begins every text, is not worth a segment.</summary>
    private const int LeastShared = 8;

    /// <summary>Scores the targets of a micro-batch; recorded for a backward pass where that is on.</summary>
    public static TargetScores Score(Decoder decoder, MicroBatch batch, double temperature)
    {
        var states = States(decoder, batch);                                        // [target, hidden]
        var scores = decoder.Head.LogProbs(states, batch.Targets, temperature);
        return new TargetScores(states, decoder.Head.Weight, batch.Targets, scores, temperature);
    }

    /// <summary>The hidden state that predicts each target, <c>[target, hidden]</c>: the others do not meet the head,
    /// whose product is the widest of the model.</summary>
    public static Tensor States(Decoder decoder, MicroBatch batch) =>
        decoder.Hidden(batch.Tokens).IndexSelect(0, batch.Places);

    /// <summary>How examples are divided for a model.</summary>
    /// <param name="decoder">The model.</param>
    /// <param name="tokens">Tokens that go through it at once, at most.</param>
    /// <param name="together">How many examples that follow each other belong together.</param>
    public static MicroBatchRules RulesFor(Decoder decoder, int tokens, int together = 1) =>
        new(tokens) { Together = together, LeastShared = decoder.CanShareBeginnings ? LeastShared : 0 };

    /// <summary>log π of each target of each example, without gradient.</summary>
    /// <param name="decoder">The model.</param>
    /// <param name="examples">The examples.</param>
    /// <param name="temperature">What logits are divided by.</param>
    /// <param name="tokensPerMicroBatch">Tokens that go through the model at once, at most. Beginnings that neighbours
    /// share go through it once.</param>
    /// <param name="cancel">Stops between two micro-batches.</param>
    public static float[][] LogProbs(
        Decoder decoder, IReadOnlyList<TrainingExample> examples, double temperature, int tokensPerMicroBatch,
        CancellationToken cancel)
    {
        using var still = Autograd.NoGrad();
        var logProbs = new float[examples.Count][];
        foreach (var row in MicroBatches.Of(examples, RulesFor(decoder, tokensPerMicroBatch)))
        {
            cancel.ThrowIfCancellationRequested();
            using var scope = TensorScope.Open();
            var batch = MicroBatch.Of(row);
            var all = batch.Sequences.Tokens == 0 ? [] : Score(decoder, batch, temperature).LogProbs.ToArray<float>();
            var at = 0;
            foreach (var (segment, example) in batch.Examples.Index())
            {
                logProbs[example] = all[at..(at + batch.Sequences.Length(segment))];
                at += batch.Sequences.Length(segment);
            }
        }

        return logProbs;
    }
}
