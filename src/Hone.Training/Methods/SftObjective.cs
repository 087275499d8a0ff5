using Hone.Algorithms;
using Hone.Training.Recipes;
using Hone.Training.Updates;

namespace Hone.Training.Methods;

/// <summary>
/// Imitation: the negative log-likelihood of the targets, each target of the update counting the same.
/// </summary>
public sealed class SftObjective(SftOptions options) : IObjective
{
    /// <inheritdoc/>
    public Aggregation Aggregation { get; } = new Aggregation.TokenMean();

    /// <inheritdoc/>
    public double Temperature => 1;

    /// <inheritdoc/>
    public PolicyTerms Compute(TargetScores scores, MicroBatch batch) => new(options switch
    {
        { Loss: SftLoss.Dft } => SupervisedLoss.DynamicFineTuning(scores.LogProbs),
        { LabelSmoothing: > 0 } =>
            SupervisedLoss.Smoothed(scores.LogProbs, scores.MeanLogProbs(), options.LabelSmoothing),
        _ => SupervisedLoss.NegativeLogLikelihood(scores.LogProbs),
    });
}
