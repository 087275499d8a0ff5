using Hone.Rewards;
using Hone.Training.Recipes;

namespace Hone.Training.Methods;

/// <summary>The rewards that a recipe names.</summary>
internal static class RecipeRewards
{
    /// <summary>Builds a reward of its options.</summary>
    public static WeightedReward Of(RewardOptions options) => new(
        options switch
        {
            LengthRewardOptions length => new LengthReward(length.Target, length.Tolerance),
            WordShareRewardOptions share => new WordShareReward(share.Pattern),
            FormatRewardOptions format => new FormatReward(format.Pattern),
            ExactAnswerRewardOptions exact => new ExactAnswerReward(exact.Column, exact.Pattern),
            ContainsWordRewardOptions word => new ContainsWordReward(word.Column),
            _ => throw new ArgumentOutOfRangeException(nameof(options), options, "unknown reward"),
        },
        options.Weight);
}
