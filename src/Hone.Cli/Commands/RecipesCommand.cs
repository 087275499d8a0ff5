using System.CommandLine;
using System.Text.RegularExpressions;
using Hone.Cli.Syntax;
using Hone.Cli.Writing;
using Hone.Training.Recipes;

namespace Hone.Cli.Commands;

/// <summary><c>hone recipes ls | cp NAME [FILE] | validate RECIPE...</c></summary>
internal sealed partial class RecipesCommand(TextWriter output, TextWriter errors, string folder)
{
    /// <summary>The folder of the recipes that come with Hone.</summary>
    public static string ShippedFolder { get; } = Path.Combine(AppContext.BaseDirectory, "recipes");

    /// <summary>The command's words.</summary>
    public static Command Syntax(Session session)
    {
        RecipesCommand Bind() => new(session.Terminal.Output, session.Terminal.Errors, ShippedFolder);
        var command = new Command("recipes", "List the recipes that come with Hone, take a copy of one, check one.");

        var json = CommonOptions.Json("one object a recipe");
        var list = new Command("ls", "List the recipes that come with Hone.") { json };
        list.SetAction(parsed => (int)Bind().List(parsed.GetValue(json)));
        list.Teach(session.Terminal, "hone recipes ls");

        var name = new Argument<string>("NAME") { Description = "A recipe of `hone recipes ls`" };
        var target = new Argument<string?>("FILE")
        {
            Description = "The copy; by default NAME.yaml in the current folder",
            Arity = ArgumentArity.ZeroOrOne,
        };
        var copy = new Command(
            "cp",
            "Copy a recipe, and the files beside it that it names, to be changed and run. A file that exists is not "
                + "overwritten.")
        {
            name, target,
        };
        copy.SetAction(parsed => (int)Bind().Copy(parsed.GetRequiredValue(name), parsed.GetValue(target)));
        copy.Teach(session.Terminal, "hone recipes cp stories-sft", "hone recipes cp stories-grpo my-words.yaml");

        var files = new Argument<string[]>("RECIPE") { Description = "Recipe files", Arity = ArgumentArity.OneOrMore };
        var set = CommonOptions.Set();
        var validate = new Command(
            "validate",
            "Check recipes without running them. All problems are told at once, with file, line and column.")
        {
            files, set,
        };
        validate.SetAction(parsed => (int)Bind().Validate(parsed.GetRequiredValue(files), parsed.GetValue(set) ?? []));
        validate.Teach(
            session.Terminal,
            "hone recipes validate my-words.yaml",
            "hone recipes validate my-words.yaml --set steps=20");

        command.Add(list);
        command.Add(copy);
        command.Add(validate);
        command.Teach(
            session.Terminal,
            "hone recipes ls",
            "hone recipes cp stories-sft",
            "hone recipes validate stories-sft.yaml");
        return command;
    }

    /// <summary>Lists the recipes.</summary>
    public ExitCode List(bool asJson)
    {
        var recipes = Shipped()
            .Select(path => (Name: Path.GetFileNameWithoutExtension(path), Path: path, Recipe: RecipeFile.Load(path)))
            .ToList();
        var width = recipes.Select(one => one.Name.Length).DefaultIfEmpty().Max();
        foreach (var (name, path, recipe) in recipes)
        {
            if (asJson)
            {
                JsonLine.Write(output, json =>
                {
                    json.WriteString("name", name);
                    json.WriteString("description", recipe.Description);
                    json.WriteString("path", path);
                });
            }
            else
            {
                output.WriteLine($"{name.PadRight(width)}  {recipe.Description}");
            }
        }

        return ExitCode.Done;
    }

    /// <summary>Copies a recipe.</summary>
    public ExitCode Copy(string name, string? target)
    {
        var names = Shipped().Select(Path.GetFileNameWithoutExtension).OfType<string>().ToList();
        if (!names.Contains(name))
        {
            var hint = NearestName.Of(name, names) is { } near
                ? $"did you mean {near}?"
                : $"there are {string.Join(", ", names)}";
            throw new OptionsException($"{name}: must be a recipe that comes with hone, is none; {hint}");
        }

        var copy = target switch
        {
            null => $"{name}.yaml",
            _ when Directory.Exists(target) => Path.Combine(target, $"{name}.yaml"),
            _ => target,
        };
        if (File.Exists(copy))
        {
            throw new OptionsException($"{copy}: must not exist yet, it does; give another name");
        }

        var recipe = Path.Combine(folder, $"{name}.yaml");
        File.Copy(recipe, copy);
        output.WriteLine(copy);
        foreach (var file in FilesBeside(recipe))
        {
            var beside = Path.Combine(Path.GetDirectoryName(copy) ?? "", file);
            if (!File.Exists(beside))
            {
                File.Copy(Path.Combine(folder, file), beside);
                output.WriteLine(beside);
            }
        }

        return ExitCode.Done;
    }

    /// <summary>Checks recipes, every one of them even when the first has faults.</summary>
    public ExitCode Validate(IReadOnlyList<string> files, IReadOnlyList<string> overrides)
    {
        var code = ExitCode.Done;
        foreach (var file in files)
        {
            try
            {
                RecipeFile.Load(file, overrides);
                output.WriteLine($"{file}: ok");
            }
            catch (OptionsException error)
            {
                Failure.Tell(error, errors, trace: false);
                code = ExitCode.BadInput;
            }
        }

        return code;
    }

    /// <summary>The files that a recipe names by <c>${recipe}</c>.</summary>
    private static IEnumerable<string> FilesBeside(string recipe) =>
        BesideRecipe().Matches(File.ReadAllText(recipe)).Select(match => match.Groups["file"].Value).Distinct();

    [GeneratedRegex(@"\$\{recipe\}/(?<file>[\w.-]+)")]
    private static partial Regex BesideRecipe();

    private IEnumerable<string> Shipped() =>
        Directory.Exists(folder) ? Directory.GetFiles(folder, "*.yaml").Order(StringComparer.Ordinal) : [];
}
