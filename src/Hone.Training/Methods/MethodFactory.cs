using Hone.Data;
using Hone.Models;
using Hone.Rewards;
using Hone.Text;
using Hone.Torch;
using Hone.Training.Recipes;

namespace Hone.Training.Methods;

/// <summary>Builds the method that a recipe names, with its data.</summary>
internal static class MethodFactory
{
    /// <summary>Reads the data and builds the method.</summary>
    public static IMethod Create(TrainingContext context, DType compute) => context.Recipe.Method switch
    {
        SftOptions sft => new SftMethod(sft, context, Examples(context, sft, context.Recipe.Data.Train), Optional(context, sft)),
        GrpoOptions grpo => new GrpoMethod(
            grpo,
            context,
            new RolloutSampler(grpo, context),
            Prompts(context, context.Recipe.Data.Train, grpo.MaxNewTokens),
            context.Recipe.Data.Eval is { } evaluation ? Prompts(context, evaluation, grpo.MaxNewTokens) : null,
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

    private static ExampleSet? Optional(TrainingContext context, SftOptions options) =>
        context.Recipe.Data.Eval is { } evaluation ? Examples(context, options, evaluation) : null;

    private static ExampleSet Examples(TrainingContext context, SftOptions options, DataSourceOptions source)
    {
        var encoded = Encoder(context, options.TrainOn).EncodeAll(DataSource.Open(source).Read());
        return new ExampleSet(encoded.Examples, Order(context.Recipe, encoded.Examples.Count));
    }

    private static PromptSet Prompts(TrainingContext context, DataSourceOptions source, int maxNewTokens)
    {
        var encoder = Encoder(context, TrainOn.Completion);
        var limit = context.Recipe.Data.MaxLength - maxNewTokens;
        Prompt[] prompts =
        [
            .. DataSource.Open(source with { Shape = RowShape.Prompt }).Read().Cast<PromptRow>().Select(row =>
            {
                var tokens = encoder.EncodePrompt(row.Prompt);
                return tokens.Length <= limit
                    ? new Prompt(row, tokens)
                    : throw new DataException(
                        row.At,
                        $"the prompt must leave room for grpo.max_new_tokens ({maxNewTokens}) in data.max_length ({context.Recipe.Data.MaxLength}), has {tokens.Length} tokens; "
                        + "raise data.max_length or leave the row out");
            }),
        ];
        return new PromptSet(prompts, Order(context.Recipe, prompts.Length));
    }

    private static DataOrder Order(Recipe recipe, long rows) => new(rows, (ulong)recipe.Seed, recipe.Data.Shuffle);

    private static ExampleEncoder Encoder(TrainingContext context, TrainOn trainOn) => new(
        context.Tokenizer,
        ChatTemplate.ChatMlFor(context.Tokenizer),
        new EncodingOptions { MaxLength = context.Recipe.Data.MaxLength, Long = context.Recipe.Data.LongRows, TrainOn = trainOn });

    private static Decoder Reference(TrainingContext context, DType compute)
    {
        // The weights that the run began with, not those of a checkpoint that it goes on from.
        var reference = RecipeModel.Load(context.Recipe, compute);
        context.Team.Share(reference.Decoder.Parameters.Values);
        reference.Decoder.WeightsChanged();
        return reference.Decoder;
    }
}
