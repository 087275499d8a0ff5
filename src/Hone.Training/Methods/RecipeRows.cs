using Hone.Data;
using Hone.Text;
using Hone.Training.Recipes;

namespace Hone.Training.Methods;

/// <summary>The rows that a recipe names, as the tokens that its method works on.</summary>
internal static class RecipeRows
{
    /// <summary>Counts the rows to train on and those to evaluate on, tells what is worth knowing of them, and refuses
    /// what a run would refuse.</summary>
    /// <exception cref="DataException">A row cannot be used.</exception>
    public static (long Train, long Evaluation, IReadOnlyList<string> Warnings) Count(
        Recipe recipe, Tokenizer tokenizer)
    {
        List<string> warnings = [];
        long Rows(DataSourceOptions source) => recipe.Method switch
        {
            SftOptions sft => Noted(Examples(recipe, tokenizer, sft, source)).Examples.Count,
            GrpoOptions grpo => Prompts(recipe, tokenizer, grpo, source).Prompts.Count,
            DpoOptions => Pairs(recipe, tokenizer, source).Pairs.Count,
            var other => throw new ArgumentOutOfRangeException(nameof(recipe), other, "unknown method"),
        };

        ExampleSet Noted(ExampleSet set)
        {
            warnings.AddRange(set.Warnings);
            return set;
        }

        return (Rows(recipe.Data.Train), recipe.Data.Eval is { } evaluation ? Rows(evaluation) : 0, warnings);
    }

    /// <summary>Rows to learn.</summary>
    public static ExampleSet Examples(Recipe recipe, Tokenizer tokenizer, SftOptions options, DataSourceOptions source)
    {
        var encoded = Encoder(recipe, tokenizer, options.TrainOn).EncodeAll(DataSource.Open(source).Read());
        return new ExampleSet(encoded.Examples, Order(recipe, encoded.Examples.Count))
        {
            Warnings = [.. encoded.Report.Warnings()],
        };
    }

    /// <summary>Prompts to answer.</summary>
    public static PromptSet Prompts(Recipe recipe, Tokenizer tokenizer, GrpoOptions options, DataSourceOptions source)
    {
        var encoder = Encoder(recipe, tokenizer, TrainOn.Completion);
        var limit = recipe.Data.MaxLength - options.MaxNewTokens;
        Prompt[] prompts =
        [
            .. DataSource.Open(source with { Shape = RowShape.Prompt }).Read().Cast<PromptRow>().Select(row =>
            {
                var tokens = encoder.EncodePrompt(row.Prompt);
                return tokens.Length <= limit
                    ? new Prompt(row, tokens)
                    : throw new DataException(
                        row.At,
                        $"the prompt must leave room for grpo.max_new_tokens ({options.MaxNewTokens}) in "
                            + $"data.max_length ({recipe.Data.MaxLength}), has {tokens.Length} tokens; raise "
                            + "data.max_length or leave the row out");
            }),
        ];
        return new PromptSet(prompts, Order(recipe, prompts.Length));
    }

    /// <summary>Pairs to tell apart.</summary>
    public static PairSet Pairs(Recipe recipe, Tokenizer tokenizer, DataSourceOptions source)
    {
        var encoder =
            new PreferenceEncoder(tokenizer, Template(recipe, tokenizer), Encoding(recipe, TrainOn.Everything));
        var encoded = encoder.EncodeAll(DataSource.Open(source with { Shape = RowShape.Preference }).Read());
        return new PairSet(encoded.Examples, Order(recipe, encoded.Examples.Count));
    }

    /// <summary>The text of the chat template that the recipe puts in the place of the model's usual one; null for
    /// none.</summary>
    /// <exception cref="TokenizerException">There is no such template.</exception>
    public static string? ChosenTemplate(Recipe recipe) => recipe.Data.ChatTemplate is { Length: > 0 } chosen
        ? ChatTemplates.TextOf(recipe.Model.Tokenizer ?? recipe.Model.Path, chosen)
        : null;

    private static DataOrder Order(Recipe recipe, long rows) => new(rows, (ulong)recipe.Seed, recipe.Data.Shuffle);

    private static ExampleEncoder Encoder(Recipe recipe, Tokenizer tokenizer, TrainOn trainOn) =>
        new(tokenizer, Template(recipe, tokenizer), Encoding(recipe, trainOn));

    private static IChatTemplate Template(Recipe recipe, Tokenizer tokenizer) =>
        ChatTemplates.For(
            recipe.Model.Tokenizer ?? recipe.Model.Path, tokenizer, TimeProvider.System, recipe.Data.TemplateChoice());

    private static EncodingOptions Encoding(Recipe recipe, TrainOn trainOn) =>
        new() { MaxLength = recipe.Data.MaxLength, Long = recipe.Data.LongRows, TrainOn = trainOn };
}
