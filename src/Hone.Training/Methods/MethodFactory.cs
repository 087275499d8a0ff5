using Hone.Models.Adapters;
using Hone.Rewards;
using Hone.Torch;
using Hone.Training.Recipes;
using Hone.Training.Recipes.Adapters;

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
            context.Recipe.Data.Eval is { } held
                ? RecipeRows.Examples(context.Recipe, context.Tokenizer, sft, held)
                : null),
        GrpoOptions grpo => new GrpoMethod(
            grpo,
            context,
            new RolloutSampler(grpo, context, compute),
            RecipeRows.Prompts(context.Recipe, context.Tokenizer, grpo, context.Recipe.Data.Train),
            context.Recipe.Data.Eval is { } evaluation
                ? RecipeRows.Prompts(context.Recipe, context.Tokenizer, grpo, evaluation)
                : null,
            new AnswerJudge(
                new RewardRunner(
                    [.. grpo.Rewards.Select(RecipeRewards.Of)],
                    TimeSpan.FromSeconds(grpo.RewardDeadline),
                    context.Time),
                context.Tokenizer,
                context.Team),
            grpo.KlCoefficient > 0 ? Reference(context, compute) : null),
        DpoOptions dpo => new DpoMethod(
            dpo,
            context,
            RecipeRows.Pairs(context.Recipe, context.Tokenizer, context.Recipe.Data.Train),
            context.Recipe.Data.Eval is { } pairs ? RecipeRows.Pairs(context.Recipe, context.Tokenizer, pairs) : null,
            () => Reference(context, compute)),
        _ => throw new ArgumentOutOfRangeException(nameof(context), context.Recipe.Method, "unknown method"),
    };

    // What the run began with, not what a checkpoint holds that it goes on from. Where an adapter is trained, that is
    // the same model without it, or with a second copy of the one that is trained on.
    private static ReferencePolicy Reference(TrainingContext context, DType compute)
    {
        switch (context.Recipe.Adapter)
        {
            case null:
                var copy = RecipeModel.Load(context.Recipe, compute);
                context.Team.Share(copy.Decoder.Parameters.Values);
                copy.Decoder.WeightsChanged();
                return new ReferencePolicy(copy.Decoder, null, copy);
            case SavedAdapterOptions saved:
                var first = Adapter.Load(context.Decoder, saved.Path);
                context.Team.Share(first.Parameters.Values);
                return new ReferencePolicy(
                    context.Decoder, new AdapterCombination(new WeightedAdapter(first)), first);
            default:
                return new ReferencePolicy(context.Decoder, AdapterCombination.None, null);
        }
    }
}
