using Hone.Algorithms;
using Hone.Conformance.Checks.Rl;
using Hone.Conformance.Goldens;
using Hone.Torch;
using Hone.Training.Updates;

namespace Hone.Conformance.Checks.Trajectories;

/// <summary>The product's policy objective over recorded answers, whichever of TRL's options it was recorded
/// with.</summary>
/// <param name="options">The trainer's options.</param>
/// <param name="answers">The answers, in the order of the micro-batch's examples.</param>
internal sealed class RecordedPolicy(Field options, IReadOnlyList<RecordedAnswer> answers) : IObjective
{
    private readonly PolicyObjective _objective = TrlPolicy.Objective(options);

    /// <inheritdoc/>
    public Aggregation Aggregation { get; } = TrlPolicy.Aggregation(options);

    /// <inheritdoc/>
    public double Temperature => options.NumberOr("temperature", 1);

    /// <summary>log π of the targets of each answer.</summary>
    public float[][] LogProbs { get; } = new float[answers.Count][];

    /// <inheritdoc/>
    public PolicyTerms Compute(TargetScores scores, MicroBatch batch)
    {
        Remember(scores.LogProbs.ToArray<float>(), batch);
        var tokens = new RolloutTokens(
            batch.Column(i => answers[i].OldLogProbs),
            batch.Column(i => answers[i].Advantages),
            batch.Sequences)
        {
            Ratio = TrlPolicy.Level(options),
            ReferenceLogProbs = _objective.KlWeight == 0 ? null : batch.Column(i => answers[i].ReferenceLogProbs),
        };
        var terms = _objective.Compute(scores.LogProbs, tokens);
        return options.NumberOr("entropy_coef", 0) is var coefficient and not 0
            ? terms with { Loss = terms.Loss + Bonus(scores.Entropy, tokens, coefficient) }
            : terms;
    }

    /// <summary>The bonus has the divisor of the micro-batch's tokens, which only <c>bnpo</c> gives to the terms as
    /// well.</summary>
    private Tensor Bonus(Tensor entropies, RolloutTokens tokens, double coefficient) =>
        options.TextOr("loss_type", "dapo") == "bnpo" && !options.FlagOr("use_adaptive_entropy", false)
            ? EntropyBonus.Compute(entropies, tokens, coefficient)
            : throw new GoldenException("entropy_coef: one divisor for all terms of an update; needs loss_type bnpo");

    private void Remember(float[] logProbs, MicroBatch batch)
    {
        var at = 0;
        foreach (var (segment, example) in batch.Examples.Index())
        {
            LogProbs[example] = logProbs[at..(at + batch.Sequences.Length(segment))];
            at += batch.Sequences.Length(segment);
        }
    }
}
