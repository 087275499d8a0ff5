using System.CommandLine;
using Hone.Training.Recipes;

namespace Hone.Cli.Commands;

/// <summary>Loads the recipe that a command names.</summary>
internal static class RecipeArgument
{
    /// <summary>The adapter to train on, in place of what the recipe says of adapters.</summary>
    public static Option<string?> Adapter() => new("--adapter")
    {
        HelpName = "DIR",
        Description = "Train on the adapter of this folder: adapter={kind: saved, path: DIR}",
    };

    /// <summary>The values of the command line that replace those of the recipe.</summary>
    public static IReadOnlyList<string> Overrides(
        ParseResult parsed, Option<string[]> set, Option<string?> adapter) =>
    [
        .. parsed.GetValue(adapter) is { } folder
            ? [$"adapter={{kind: saved, path: '{folder.Replace("'", "''", StringComparison.Ordinal)}'}}"]
            : Array.Empty<string>(),
        .. parsed.GetValue(set) ?? [],
    ];

    /// <summary>Loads it.</summary>
    /// <exception cref="OptionsException">It cannot be read or followed; where its name is that of a recipe of Hone's,
    /// that is said.</exception>
    public static Recipe Load(string path, IReadOnlyList<string> overrides) =>
        !File.Exists(path)
            && File.Exists(Path.Combine(RecipesCommand.ShippedFolder, $"{Path.GetFileNameWithoutExtension(path)}.yaml"))
            ? throw new OptionsException(
                $"{path}: must be a recipe file, there is none; `hone recipes cp "
                    + $"{Path.GetFileNameWithoutExtension(path)}` takes a copy of hone's own")
            : RecipeFile.Load(path, overrides);
}
