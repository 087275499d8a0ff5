using Hone.Models;
using Hone.Rewards;
using Hone.Torch;
using Hone.Training.Recipes;

namespace Hone.Training.Methods;

/// <summary>Builds the method that a recipe names, with its data.</summary>
internal static class MethodFactory
{
    /// <summary>Reads the data and builds the method.</summary>
    public static IMethod Create(TrainingContext context, DType compute) => context.Recipe.Method switch
    {
        SftOptions sft => new SftMethod(
            sft,
            context,
            RecipeRows.Examples(context.Recipe, context.Tokenizer, sft, context.Recipe.Data.Train),
            context.Recipe.Data.Eval is { } held ? RecipeRows.Examples(context.Recipe, context.Tokenizer, sft, held) : null),
        GrpoOptions grpo => new GrpoMethod(
            grpo,
            context,
            new RolloutSampler(grpo, context),
            RecipeRows.Prompts(context.Recipe, context.Tokenizer, grpo, context.Recipe.Data.Train),
            context.Recipe.Data.Eval is { } evaluation ? RecipeRows.Prompts(context.Recipe, context.Tokenizer, grpo, evaluation) : null,
            new AnswerJudge(
                new RewardRunner(
                    [.. grpo.Rewards.Select(RecipeRewards.Of)],
                    TimeSpan.FromSeconds(grpo.RewardDeadline),
                    context.Time),
                context.Tokenizer,
                context.Team),
            grpo.KlCoefficient > 0 ? Reference(context, compute) : null),
        _ => throw new ArgumentOutOfRangeException(nameof(context), context.Recipe.Method, "unknown method"),
    };

    private static Decoder Reference(TrainingContext context, DType compute)
    {
        // The weights that the run began with, not those of a checkpoint that it goes on from.
        var reference = RecipeModel.Load(context.Recipe, compute);
        context.Team.Share(reference.Decoder.Parameters.Values);
        reference.Decoder.WeightsChanged();
        return reference.Decoder;
    }
}
