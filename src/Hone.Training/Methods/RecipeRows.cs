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
        var train = Rows(recipe.Data.Train);
        var evaluation = recipe.Data.Eval is { } held ? Rows(held) : (Count: 0, Warnings: []);
        return (train.Count, evaluation.Count, [.. train.Warnings.Union(evaluation.Warnings)]);

        (int Count, IReadOnlyList<string> Warnings) Rows(DataSourceOptions source)
        {
            switch (recipe.Method)
            {
                case SftOptions sft:
                    var examples = Examples(recipe, tokenizer, sft, source);
                    return (examples.Examples.Count, examples.Warnings);
                case GrpoOptions grpo:
                    var prompts = Prompts(recipe, tokenizer, grpo, source);
                    return (prompts.Prompts.Count, prompts.Warnings);
                case DpoOptions:
                    var pairs = Pairs(recipe, tokenizer, source);
                    return (pairs.Pairs.Count, pairs.Warnings);
                default:
                    throw new ArgumentOutOfRangeException(nameof(recipe), recipe.Method, "unknown method");
            }
        }
    }

    /// <summary>Rows to learn.</summary>
    public static ExampleSet Examples(Recipe recipe, Tokenizer tokenizer, SftOptions options, DataSourceOptions source)
    {
        var (template, notes) = (Template(recipe, tokenizer), new List<string>());
        var encoder = new ExampleEncoder(tokenizer, template, Encoding(recipe, options.TrainOn));
        var encoded = encoder.EncodeAll(Read(source, template, notes));
        return new ExampleSet(encoded.Examples, Order(recipe, encoded.Examples.Count))
        {
            Warnings = [.. notes, .. encoded.Report.Warnings()],
        };
    }

    /// <summary>Prompts to answer.</summary>
    public static PromptSet Prompts(Recipe recipe, Tokenizer tokenizer, GrpoOptions options, DataSourceOptions source)
    {
        var (template, notes) = (Template(recipe, tokenizer), new List<string>());
        var encoder = new ExampleEncoder(tokenizer, template, Encoding(recipe, TrainOn.Completion));
        var limit = recipe.Data.MaxLength - options.MaxNewTokens;
        Prompt[] prompts =
        [
            .. Read(source with { Shape = RowShape.Prompt }, template, notes).Cast<PromptRow>().Select(row =>
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
        return new PromptSet(prompts, Order(recipe, prompts.Length)) { Warnings = notes };
    }

    /// <summary>Pairs to tell apart.</summary>
    public static PairSet Pairs(Recipe recipe, Tokenizer tokenizer, DataSourceOptions source)
    {
        var (template, notes) = (Template(recipe, tokenizer), new List<string>());
        var encoder = new PreferenceEncoder(tokenizer, template, Encoding(recipe, TrainOn.Everything));
        var encoded = encoder.EncodeAll(Read(source with { Shape = RowShape.Preference }, template, notes));
        return new PairSet(encoded.Examples, Order(recipe, encoded.Examples.Count)) { Warnings = notes };
    }

    /// <summary>The text of the chat template that the recipe puts in the place of the model's usual one; null for
    /// none.</summary>
    /// <exception cref="TokenizerException">There is no such template.</exception>
    public static string? ChosenTemplate(Recipe recipe) => recipe.Data.ChatTemplate is { Length: > 0 } chosen
        ? ChatTemplates.TextOf(recipe.Model.Tokenizer ?? recipe.Model.Path, chosen)
        : null;

    private static DataOrder Order(Recipe recipe, long rows) => new(rows, (ulong)recipe.Seed, recipe.Data.Shuffle);

    /// <summary>Reads rows, and notes once where the built-in layout stands in for a chat template.</summary>
    private static IEnumerable<Row> Read(DataSourceOptions source, IChatTemplate template, List<string> notes)
    {
        foreach (var row in DataSource.Open(source).Read())
        {
            if (notes is [] && template is ChatTemplate && row.HasMessages)
            {
                notes.Add($"data.chat_template: {ChatTemplate.Note}");
            }

            yield return row;
        }
    }

    private static IChatTemplate Template(Recipe recipe, Tokenizer tokenizer) =>
        ChatTemplates.For(
            recipe.Model.Tokenizer ?? recipe.Model.Path, tokenizer, TimeProvider.System, recipe.Data.TemplateChoice());

    private static EncodingOptions Encoding(Recipe recipe, TrainOn trainOn) =>
        new() { MaxLength = recipe.Data.MaxLength, Long = recipe.Data.LongRows, TrainOn = trainOn };
}
