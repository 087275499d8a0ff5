using System.CommandLine;
using Hone.Cli.Generating;
using Hone.Cli.Syntax;
using Hone.Cli.Writing;
using Hone.Data;
using Hone.Text;
using Hone.Training.Recipes;

namespace Hone.Cli.Commands;

/// <summary><c>hone data preview RECIPE_OR_DATA [--model MODEL] [--template NAME|FILE] [--rows N]
/// [--json]</c></summary>
internal sealed class DataCommand(Session session)
{
    /// <summary>The command's words.</summary>
    public static Command Syntax(Session session)
    {
        var command = new Command("data", "Look at data as a model would learn it.") { Preview(session) };
        command.Teach(session.Terminal, "hone data preview stories-sft.yaml");
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
        var json = CommonOptions.Json("one object an example: at, ids, tokens, trained, sections");
        var command = new Command(
            "preview",
            "Show rows as tokens, a line for each turn or part: those that are trained stand between marks, or in "
                + "green.")
        {
            path, model, rows, set,
        };
        var template = new ChatTemplateSyntax();
        template.AddTo(command);
        command.Add(json);
        command.SetAction(parsed => (int)new DataCommand(session).Run(
            parsed.GetRequiredValue(path),
            parsed.GetValue(model),
            parsed.GetValue(set) ?? [],
            usual => template.Read(parsed, usual),
            parsed.GetValue(rows),
            parsed.GetValue(json)));
        command.Teach(
            session.Terminal,
            "hone data preview stories-sft.yaml",
            "hone data preview chats.jsonl --model models/chat --rows 5 --template chat.jinja",
            "hone data preview chats.jsonl --model models/chat --json");
        return command;
    }

    /// <summary>Shows the first rows.</summary>
    /// <param name="path">A recipe or a file of rows.</param>
    /// <param name="model">The model or tokenizer of a file of rows.</param>
    /// <param name="overrides">Replaces values of the recipe.</param>
    /// <param name="template">The chat template, given the recipe's.</param>
    /// <param name="rows">How many.</param>
    /// <param name="asJson">Whether for machines.</param>
    /// <exception cref="OptionsException">It is not said whose tokens to show, or the recipe cannot be
    /// followed.</exception>
    /// <exception cref="DataException">A row cannot be learnt.</exception>
    public ExitCode Run(
        string path,
        string? model,
        IReadOnlyList<string> overrides,
        Func<ChatTemplateChoice, ChatTemplateChoice> template,
        int rows,
        bool asJson)
    {
        var source = IsRecipe(path) ? OfRecipe(path, overrides) : OfFile(path, model);
        var tokenizer = Tokenizer.Load(source.Tokenizer);
        var layout = ChatTemplates.For(source.Tokenizer, tokenizer, TimeProvider.System, template(source.Template));
        var preview = new RowPreview(
            tokenizer, layout, new EncodingOptions { MaxLength = int.MaxValue, TrainOn = source.TrainOn });
        var shown = new List<(Row Row, IReadOnlyList<ExamplePreview> Examples)>();
        var marks = new TokenMarks(tokenizer, session.Terminal.HasColor);
        if (!asJson)
        {
            session.Terminal.Output.WriteLine(marks.Legend);
        }

        foreach (var row in source.Data.Read().Take(rows))
        {
            var examples = preview.Of(row);
            foreach (var (index, example) in examples.Index())
            {
                var at = examples.Count == 1 ? "" : $", example {index + 1} of {examples.Count}";
                if (asJson)
                {
                    WriteJson(row.At, tokenizer, example);
                }
                else
                {
                    WriteText($"{row.At}{at}", marks, example);
                }
            }

            shown.Add((row, examples));
        }

        Note(layout, preview, shown);
        return ExitCode.Done;
    }

    private static bool IsRecipe(string path) => Path.GetExtension(path) is ".yaml" or ".yml";

    private Source OfRecipe(string path, IReadOnlyList<string> overrides)
    {
        var recipe = session.Hub.Recipe(RecipeArgument.Load(path, overrides), resume: false).Local;
        var shape = recipe.Method switch
        {
            DpoOptions => RowShape.Preference,
            GrpoOptions => RowShape.Prompt,
            _ => recipe.Data.Train.Shape,
        };
        return new Source(
            DataSource.Open(recipe.Data.Train with { Shape = shape }),
            recipe.Model.Tokenizer ?? recipe.Model.Path!,
            recipe.Data.TemplateChoice(),
            recipe.Method is SftOptions sft ? sft.TrainOn : TrainOn.Completion);
    }

    private Source OfFile(string path, string? model)
    {
        var name = model ?? throw new OptionsException("hone data preview: must be given --model with a file of rows");
        return new Source(
            session.Hub.Data(new DataSourceOptions { Path = path }),
            session.Hub.Tokenizer(name),
            ChatTemplateChoice.Usual,
            TrainOn.Completion);
    }

    private void WriteText(string at, TokenMarks marks, ExamplePreview preview)
    {
        var output = session.Terminal.Output;
        output.WriteLine($"{at}: {preview.Example.Length} tokens, {preview.Example.TrainedTokens} trained");
        foreach (var line in marks.Lines(preview))
        {
            output.WriteLine(line);
        }
    }

    private void WriteJson(SourceLine at, Tokenizer tokenizer, ExamplePreview preview) => JsonLine.Write(
        session.Terminal.Output,
        json =>
        {
            json.WriteString("at", at.ToString());
            json.WriteNumbers("ids", preview.Example.Tokens);
            json.WriteTexts("tokens", [.. preview.Example.Tokens.Select(tokenizer.TokenOf)]);
            json.WriteStartArray("trained");
            foreach (var trained in preview.Example.Trained)
            {
                json.WriteBooleanValue(trained);
            }

            json.WriteEndArray();
            json.WriteStartArray("sections");
            foreach (var section in preview.Sections)
            {
                json.WriteStartObject();
                json.WriteString("name", section.Name);
                json.WriteNumber("start", section.Start);
                json.WriteEndObject();
            }

            json.WriteEndArray();
        });

    /// <summary>Says what is odd about the rows that were shown.</summary>
    private void Note(
        IChatTemplate layout, RowPreview preview, List<(Row Row, IReadOnlyList<ExamplePreview> Examples)> shown)
    {
        session.Terminal.Output.Flush();
        var errors = session.Terminal.Errors;
        if (shown.Exists(one => one.Row.HasMessages))
        {
            TemplateNote.Write(errors, layout);
        }

        var doubts = shown
            .SelectMany(one => one.Examples, (one, example) => (one.Row.At, example.Example.Doubt))
            .DistinctBy(one => one.Doubt);
        foreach (var (at, doubt) in doubts.Where(one => one.Doubt is not null))
        {
            errors.WriteLine($"warning: {at}: {doubt}");
        }

        var learnt = shown
            .Where(one => one.Row is not (PromptRow or PreferenceRow))
            .SelectMany(one => one.Examples)
            .ToList();
        if (learnt.Count > 0 && !learnt.Exists(example => preview.TrainsStop(example.Example)))
        {
            errors.WriteLine(
                "warning: no row shown trains a token that stops; a run refuses data of which none does");
        }
    }

    /// <summary>What is shown.</summary>
    private sealed record Source(DataSource Data, string Tokenizer, ChatTemplateChoice Template, TrainOn TrainOn);
}
