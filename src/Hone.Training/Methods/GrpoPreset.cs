using Hone.Algorithms;
using Hone.Training.Recipes;

namespace Hone.Training.Methods;

/// <summary>The composition of functions that a recipe's options name.</summary>
internal static class GrpoPreset
{
    /// <summary>The term of each token.</summary>
    public static PolicyObjective Objective(GrpoOptions options) =>
        new(new ClippedPolicyLoss(new ClipRange(options.ClipLow, options.ClipHigh)))
        {
            KlWeight = options.KlCoefficient,
            Kl = options.KlEstimator,
        };

    /// <summary>What the terms are averaged over.</summary>
    public static Aggregation Aggregation(GrpoOptions options) => options.Loss switch
    {
        GrpoLoss.Grpo => new Aggregation.SequenceMean(),
        GrpoLoss.Dapo => new Aggregation.TokenMean(),
        GrpoLoss.DrGrpo => new Aggregation.PerSequenceConstant(options.MaxNewTokens),
        _ => throw new ArgumentOutOfRangeException(nameof(options), options.Loss, "unknown loss"),
    };
}
