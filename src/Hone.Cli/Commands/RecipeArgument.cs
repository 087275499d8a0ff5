using Hone.Training.Recipes;

namespace Hone.Cli.Commands;

/// <summary>Loads the recipe that a command names.</summary>
internal static class RecipeArgument
{
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
