using Hone.Algorithms;
using Hone.Torch;
using Hone.Training.Recipes;
using Hone.Training.Updates;

namespace Hone.Training.Methods;

/// <summary>Preference over pairs: examples come in twos, the chosen one first.</summary>
/// <param name="options">The method's options.</param>
/// <param name="reference">log π_ref of each target of each example of the update.</param>
public sealed class DpoObjective(DpoOptions options, IReadOnlyList<float[]> reference) : IObjective
{
    private readonly PreferenceLogRatio _ratio = new() { SurplusWeight = options.SurplusWeight };
    private readonly LogisticPreference _objective = new(options.Beta, options.LabelSmoothing);

    private readonly PreferenceDivergence _divergence = options.Divergence switch
    {
        DpoDivergence.ReverseKl => new PreferenceDivergence.ReverseKl(),
        DpoDivergence.ForwardKl => new PreferenceDivergence.ForwardKl(),
        DpoDivergence.JensenShannon => new PreferenceDivergence.JensenShannon(),
        DpoDivergence.Alpha => new PreferenceDivergence.Alpha(options.DivergenceOrder),
        var other => throw new ArgumentOutOfRangeException(nameof(options), other, "unknown divergence"),
    };

    /// <inheritdoc/>
    public Aggregation Aggregation { get; } = new Aggregation.PairMean();

    /// <inheritdoc/>
    public double Temperature => 1;

    /// <inheritdoc/>
    public int ExamplesTogether => 2;

    /// <inheritdoc/>
    public PolicyTerms Compute(TargetScores scores, MicroBatch batch)
    {
        var terms = Terms(scores.LogProbs, batch.Column(i => reference[i]), batch.Sequences);
        var loss = options.WeightPairs
            ? terms.Loss * PairWeights.Compute(scores.LogProbs, scores.LogSumSquares, batch.Sequences)
            : terms.Loss;                                                           // [pair]
        return new PolicyTerms(
            loss, [.. terms.Metrics, .. PreferenceMetrics.OfTokens("logits", scores.MeanLogits, batch.Sequences)]);
    }

    /// <inheritdoc/>
    public IReadOnlyList<PolicyMetric> Common(TargetScores scores, MicroBatch batch) =>
    [
        new("entropy", scores.Entropy.Detach(), RatioLevel.Token),
        new(
            "mean_token_accuracy",
            PreferenceMetrics.ChosenTokens(scores.IsLikeliest(), batch.Sequences),
            RatioLevel.Token),
    ];

    /// <summary>The term of each pair without its weight, <c>[pair]</c>, with the metrics of answers.</summary>
    /// <param name="logProbs">log π of each target, <c>[target]</c>.</param>
    /// <param name="referenceLogProbs">log π_ref of each target, <c>[target]</c>.</param>
    /// <param name="sequences">The targets of each example.</param>
    internal PolicyTerms Terms(Tensor logProbs, Tensor referenceLogProbs, Sequences sequences)
    {
        var ratios = _ratio.Compute(logProbs, referenceLogProbs, sequences);
        var terms = _objective.Compute(_divergence.Score(ratios));                  // [pair]
        return new PolicyTerms(
            terms,
            [
                .. PreferenceMetrics.Rewards(ratios, options.Beta),
                .. PreferenceMetrics.LogProbs(_ratio, logProbs, sequences),
            ]);
    }
}
