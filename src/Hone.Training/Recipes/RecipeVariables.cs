using System.Text.RegularExpressions;

namespace Hone.Training.Recipes;

/// <summary>What <c>${…}</c> stands for in the paths of a recipe.</summary>
/// <param name="RecipeFolder">The folder of the recipe: <c>${recipe}</c>.</param>
/// <param name="Fixtures">The folder of models and data to try things on: <c>${HONE_FIXTURES}</c>.</param>
public sealed partial record RecipeVariables(string RecipeFolder, string Fixtures)
{
    /// <summary>Where fixtures are looked for, from the current directory, when the environment does not say.</summary>
    public const string DefaultFixtures = "../shared/real";

    /// <summary>The variables for a recipe file in the environment of this process.</summary>
    public static RecipeVariables Of(string recipeFile) => new(
        Path.GetDirectoryName(Path.GetFullPath(recipeFile)) ?? "/",
        Environment.GetEnvironmentVariable("HONE_FIXTURES") is { Length: > 0 } folder ? folder : DefaultFixtures);

    /// <summary>The path with every variable replaced.</summary>
    /// <param name="path">The path as it is written.</param>
    /// <param name="refuse">Is told of every variable that does not exist.</param>
    internal string Expand(string path, Action<string> refuse) => Variable().Replace(path, match =>
    {
        switch (match.Groups["name"].Value)
        {
            case "recipe":
                return RecipeFolder;
            case "HONE_FIXTURES":
                return Fixtures;
            default:
                refuse($"may use ${{recipe}} and ${{HONE_FIXTURES}}, got {match.Value}");
                return match.Value;
        }
    });

    [GeneratedRegex(@"\$\{(?<name>[^}]*)\}")]
    private static partial Regex Variable();
}
