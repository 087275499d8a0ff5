using Hone.Algorithms;
using Hone.Models;
using Hone.Torch;
using Hone.Training.Metrics;

namespace Hone.Training.Updates;

/// <summary>Takes an objective forward and back through the head, some examples at a time: what the head makes of them
/// is kept until their gradients are known, so that each of its products runs once and <c>[token, vocab]</c> never
/// exists.</summary>
/// <param name="decoder">The model.</param>
/// <param name="objective">What to minimise.</param>
/// <param name="counts">What the whole update contains.</param>
/// <param name="metrics">Where the metrics go.</param>
/// <param name="targetsAtOnce">Targets whose products may be kept; an example that has more is multiplied
/// twice.</param>
internal sealed class HeadPass(
    Decoder decoder, IObjective objective, GlobalCounts counts, MetricSet metrics, int targetsAtOnce)
{
    /// <summary>Adds the gradient of the head.</summary>
    /// <param name="states">The hidden state that predicts each target, <c>[target, hidden]</c>.</param>
    /// <param name="batch">The examples.</param>
    /// <returns>The part of the loss that they contribute, and the gradient of the states,
    /// <c>[target, hidden]</c>, which takes their place.</returns>
    public (double Loss, Tensor Gradient) Run(Tensor states, MicroBatch batch)
    {
        using var scope = TensorScope.Open();
        var values = states.Detach();                                               // [target, hidden]
        var (loss, at) = (0.0, 0);
        foreach (var part in batch.Parts(targetsAtOnce, objective.ExamplesTogether).Where(
            part => part.Sequences.Tokens > 0))
        {
            using var inner = TensorScope.Open();
            var count = part.Sequences.Tokens;
            var here = values.Narrow(0, at, count).Detach();                        // [target of the part, hidden]
            here.RequiresGrad = true;
            loss += count <= targetsAtOnce ? Once(here, part) : Twice(here, part);
            values.Narrow(0, at, count).CopyFrom(here.Grad!);
            at += count;
        }

        return (loss, scope.Keep(values));
    }

    private double Once(Tensor states, MicroBatch part)
    {
        var head = decoder.Head.Weight;                                             // [vocab, hidden]
        var kept = new KeptLogProbs(states, head, part.Targets, decoder.Head.TermsAt(objective.Temperature));
        var loss = Compute(states, kept.Scores, part);
        var slopes = kept.Slopes();                                                 // [target, vocab]
        Fused.AddGradient(states, kept.HiddenGradient(slopes));
        if (decoder.Head.TrainedWeight is { } leaf)
        {
            kept.AddWeightGradient(leaf, slopes);
        }
        else if (head.RequiresGrad)
        {
            head.Backward(kept.WeightGradient(slopes));
        }

        return loss;
    }

    private double Twice(Tensor states, MicroBatch part) =>
        Compute(states, decoder.Head.LogProbs(states, part.Targets, objective.Temperature), part);

    private double Compute(Tensor states, TokenLogProbs found, MicroBatch part)
    {
        var scores = new TargetScores(states, decoder.Head.Weight, part.Targets, found, objective.Temperature);
        var terms = objective.Compute(scores, part);
        var loss = objective.Aggregation.Reduce(terms.Loss, part.Sequences, counts);
        loss.Backward();
        UpdateMetrics.Record(metrics, [.. objective.Common(scores, part), .. terms.Metrics], part.Sequences);
        return loss.Item();
    }
}
