using System.CommandLine;
using Hone.Cli.Syntax;
using Hone.Cli.Writing;
using Hone.Data;
using Hone.Text;
using Hone.Training.Recipes;

namespace Hone.Cli.Commands;

/// <summary><c>hone data preview RECIPE_OR_DATA [--model MODEL] [--rows N] [--json]</c></summary>
internal sealed class DataCommand(Session session)
{
    /// <summary>The command's words.</summary>
    public static Command Syntax(Session session)
    {
        var command = new Command("data", "Look at data as a model would learn it.");
        command.Add(Preview(session));
        return command;
    }

    private static Command Preview(Session session)
    {
        var path = new Argument<string>("RECIPE_OR_DATA")
        {
            Description = "A recipe, whose data, model and method count; or a file of rows, with --model",
        };
        var model = new Option<string?>("--model")
        {
            HelpName = "MODEL",
            Description = "The model or tokenizer that a file of rows is shown for",
        };
        var rows = NumberOption.Of("--rows", "N", "Rows to show", 3, 1, 1_000_000);
        var set = CommonOptions.Set();
        var json = CommonOptions.Json("one object a row: at, ids, tokens, trained");
        var command = new Command(
            "preview",
            "Show rows as tokens: those that are trained stand between marks, or in green; a line is a row.")
        {
            path, model, rows, set, json,
        };
        command.SetAction(parsed => (int)new DataCommand(session).Run(
            parsed.GetRequiredValue(path),
            parsed.GetValue(model),
            parsed.GetValue(set) ?? [],
            parsed.GetValue(rows),
            parsed.GetValue(json)));
        command.Teach(
            session.Terminal,
            "hone data preview stories-sft.yaml",
            "hone data preview chats.jsonl --model models/chat --rows 5",
            "hone data preview chats.jsonl --model models/chat --json");
        return command;
    }

    /// <summary>Shows the first rows.</summary>
    /// <exception cref="OptionsException">It is not said whose tokens to show, or the recipe cannot be followed.</exception>
    /// <exception cref="DataException">A row cannot be learnt.</exception>
    public ExitCode Run(string path, string? model, IReadOnlyList<string> overrides, int rows, bool asJson)
    {
        var (data, encoder, tokenizer) = IsRecipe(path) ? OfRecipe(path, overrides) : OfFile(path, model);
        foreach (var row in data.Read().Take(rows))
        {
            Write(row.At, tokenizer, Example(encoder, row), asJson);
        }

        return ExitCode.Done;
    }

    private static bool IsRecipe(string path) => Path.GetExtension(path) is ".yaml" or ".yml";

    private (DataSource Data, ExampleEncoder Encoder, Tokenizer Tokenizer) OfRecipe(
        string path, IReadOnlyList<string> overrides)
    {
        var recipe = session.Hub.Recipe(RecipeArgument.Load(path, overrides), resume: false).Local;
        var trained = recipe.Method is SftOptions sft ? sft.TrainOn : TrainOn.Completion;
        return (DataSource.Open(recipe.Data.Train), Encoder(recipe.Model.Tokenizer ?? recipe.Model.Path!, trained, out var tokenizer), tokenizer);
    }

    private (DataSource Data, ExampleEncoder Encoder, Tokenizer Tokenizer) OfFile(string path, string? model)
    {
        var name = model ?? throw new OptionsException("hone data preview: must be given --model with a file of rows");
        return (
            session.Hub.Data(new DataSourceOptions { Path = path }),
            Encoder(session.Hub.Tokenizer(name), TrainOn.Completion, out var tokenizer),
            tokenizer);
    }

    private static ExampleEncoder Encoder(string path, TrainOn trained, out Tokenizer tokenizer)
    {
        tokenizer = Tokenizer.Load(path);
        return new ExampleEncoder(
            tokenizer,
            ChatTemplates.For(path, tokenizer, TimeProvider.System),
            new EncodingOptions { MaxLength = int.MaxValue, TrainOn = trained });
    }

    /// <summary>The row's tokens. Of a prompt none is trained: the model answers it itself.</summary>
    private static TrainingExample Example(ExampleEncoder encoder, Row row)
    {
        if (row is not PromptRow prompt)
        {
            return encoder.Encode(row);
        }

        var tokens = encoder.EncodePrompt(prompt.Prompt);
        return new TrainingExample(tokens, new bool[tokens.Length]);
    }

    private void Write(SourceLine at, Tokenizer tokenizer, TrainingExample example, bool asJson)
    {
        var output = session.Terminal.Output;
        if (asJson)
        {
            JsonLine.Write(output, json =>
            {
                json.WriteString("at", at.ToString());
                json.WriteNumbers("ids", example.Tokens);
                json.WriteTexts("tokens", [.. example.Tokens.Select(tokenizer.TokenOf)]);
                json.WriteStartArray("trained");
                foreach (var trained in example.Trained)
                {
                    json.WriteBooleanValue(trained);
                }

                json.WriteEndArray();
            });
            return;
        }

        var count = example.Trained.Count(trained => trained);
        output.WriteLine($"{at}: {example.Tokens.Length} tokens, {count} trained");
        output.WriteLine(TokenMarks.Of(tokenizer, example, session.Terminal.HasColor));
    }
}
