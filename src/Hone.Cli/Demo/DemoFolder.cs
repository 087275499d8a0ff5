using Hone.Evaluation.Tasks;
using Hone.Training.Recipes;

namespace Hone.Cli.Demo;

/// <summary>The folder of a demo: its recipes, its data, a run folder for each stage, and the report.</summary>
internal sealed class DemoFolder
{
    private const string OptionsFile = "demo.yaml";

    private DemoFolder(string path) =>
        (Path, Files) = (path, new ArithmeticFiles(System.IO.Path.Combine(path, "data")));

    /// <summary>Where it is.</summary>
    public string Path { get; }

    /// <summary>The files of the task.</summary>
    public ArithmeticFiles Files { get; }

    /// <summary>The page that shows how it went.</summary>
    public string Report => In("report.html");

    /// <summary>The accuracies, as the command prints them for machines.</summary>
    public string Results => In("results.json");

    /// <summary>What decided the demo: its own file, and a recipe for each stage in the order of training.</summary>
    public IReadOnlyList<string> RecipeFiles => [.. Names.Select(In)];

    private static IEnumerable<string> Names => [OptionsFile, .. DemoStage.Trained.Select(stage => stage.RecipeFile)];

    /// <summary>Begins a demo: copies the recipes, so that each stage can be repeated and changed from there.</summary>
    /// <param name="path">The folder, empty or absent.</param>
    /// <param name="recipes">The folder that the recipes come from.</param>
    /// <exception cref="OptionsException">The folder is in use, or a recipe is missing or cannot be followed; nothing
    /// is written then.</exception>
    public static DemoFolder Create(string path, string recipes)
    {
        if (File.Exists(path) || (Directory.Exists(path) && Directory.EnumerateFileSystemEntries(path).Any()))
        {
            throw new OptionsException(
                $"--output: {path}: must be an empty or absent folder, is neither; choose another one");
        }

        if (Names.FirstOrDefault(name => !File.Exists(System.IO.Path.Combine(recipes, name))) is { } missing)
        {
            throw new OptionsException(
                $"--recipes: {recipes}: must hold {string.Join(", ", Names)}; {missing} is missing");
        }

        RecipeFile.Load<DemoOptions>(System.IO.Path.Combine(recipes, OptionsFile));
        foreach (var stage in DemoStage.Trained)
        {
            RecipeFile.Load(System.IO.Path.Combine(recipes, stage.RecipeFile));
        }

        Directory.CreateDirectory(path);
        foreach (var name in Names)
        {
            File.Copy(System.IO.Path.Combine(recipes, name), System.IO.Path.Combine(path, name));
        }

        return new DemoFolder(path);
    }

    /// <summary>The first of <c>runs/demo</c>, <c>runs/demo-2</c>, <c>runs/demo-3</c>… that is not there yet.</summary>
    public static string NextFree(string runs)
    {
        for (var number = 1; ; number++)
        {
            var path = System.IO.Path.Combine(runs, number == 1 ? "demo" : $"demo-{number}");
            if (!Directory.Exists(path) && !File.Exists(path))
            {
                return path;
            }
        }
    }

    /// <summary>Reads what the demo's own file decides.</summary>
    /// <exception cref="OptionsException">The file cannot be followed.</exception>
    public DemoOptions Options() => RecipeFile.Load<DemoOptions>(In(OptionsFile));

    /// <summary>Reads the recipe of a stage.</summary>
    /// <exception cref="OptionsException">It cannot be followed.</exception>
    public Recipe Recipe(DemoStage stage, long seed) =>
        RecipeFile.Load(
            In(stage.RecipeFile), string.Create(System.Globalization.CultureInfo.InvariantCulture, $"seed={seed}"));

    private string In(string name) => System.IO.Path.Combine(Path, name);
}
