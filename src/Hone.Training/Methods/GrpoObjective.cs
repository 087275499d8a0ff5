using Hone.Algorithms;
using Hone.Torch;
using Hone.Training.Updates;

namespace Hone.Training.Methods;

/// <summary>The policy objective over answers.</summary>
/// <param name="objective">The term of each token.</param>
/// <param name="aggregation">What the terms are averaged over.</param>
/// <param name="temperature">The temperature that the answers were sampled at.</param>
/// <param name="answers">The answers, in the order of the update's examples.</param>
public sealed class GrpoObjective(
    PolicyObjective objective, Aggregation aggregation, double temperature, IReadOnlyList<Answer> answers) : IObjective
{
    /// <inheritdoc/>
    public Aggregation Aggregation => aggregation;

    /// <inheritdoc/>
    public double Temperature => temperature;

    /// <inheritdoc/>
    public PolicyTerms Compute(TargetScores scores, MicroBatch batch)
    {
        using var scope = TensorScope.Open();
        var metrics = new List<PolicyMetric>();
        var first = batch.Examples.Any(i => answers[i].OldLogProbs is null);
        if (first)
        {
            // The weights are those that sampled: their log-probs are the old ones, and cost nothing more.
            TakeOldLogProbs(scores.LogProbs, batch);
        }

        var tokens = new RolloutTokens(
            batch.Column(i => answers[i].OldLogProbs),
            batch.Column(i => answers[i].Advantages),
            batch.Sequences)
        {
            ReferenceLogProbs = objective.KlWeight == 0 ? null : batch.Column(i => answers[i].ReferenceLogProbs),
        };
        var terms = objective.Compute(scores.LogProbs, tokens);
        metrics.AddRange(terms.Metrics);
        if (first)
        {
            metrics.Add(Mismatch(tokens.OldLogProbs, batch));
        }

        foreach (var metric in metrics)
        {
            scope.Keep(metric.Values);
        }

        return new PolicyTerms(scope.Keep(terms.Loss), metrics);
    }

    /// <summary>
    /// |log π_engine − log π_trainer| of each token under the same weights: what the two ways to compute differ by.
    /// </summary>
    private PolicyMetric Mismatch(Tensor trainer, MicroBatch batch)
    {
        var engine = batch.Column(i => answers[i].Rollout.Completion.LogProbs);     // [target]
        return new PolicyMetric("rollout_mismatch", (engine - trainer).Abs(), RatioLevel.Token);
    }

    private void TakeOldLogProbs(Tensor logProbs, MicroBatch batch)
    {
        var values = logProbs.ToArray<float>();
        var at = 0;
        foreach (var (segment, example) in batch.Examples.Index())
        {
            answers[example].OldLogProbs = values[at..(at + batch.Sequences.Length(segment))];
            at += batch.Sequences.Length(segment);
        }
    }
}
