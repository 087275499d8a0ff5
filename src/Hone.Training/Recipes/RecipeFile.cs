using Hone.Training.Recipes.Reading;
using Hone.Training.Recipes.Schema;

namespace Hone.Training.Recipes;

/// <summary>Reads recipes.</summary>
public static class RecipeFile
{
    private const long LargestFile = 1 << 20;

    /// <summary>Reads a recipe from a YAML file.</summary>
    /// <param name="path">The file.</param>
    /// <param name="overrides">Values of the command line that replace those of the file, each
    /// <c>key.path=value</c>.</param>
    /// <exception cref="OptionsException">The file cannot be read or followed; all faults are told at once.</exception>
    public static Recipe Load(string path, params IReadOnlyList<string> overrides) =>
        Parse(Text(path), path, overrides, RecipeVariables.Of(path));

    /// <summary>
    /// Reads a file of other options that is written as recipes are: checked, bound and expanded by the same rules.
    /// </summary>
    /// <typeparam name="T">The record of the options.</typeparam>
    /// <param name="path">The file.</param>
    /// <param name="overrides">Values of the command line that replace those of the file, each
    /// <c>key.path=value</c>.</param>
    /// <exception cref="OptionsException">The file cannot be read or followed; all faults are told at once.</exception>
    public static T Load<T>(string path, params IReadOnlyList<string> overrides)
        where T : class => (T)Bind(RecipeSchema.Of<T>(), Text(path), path, overrides, RecipeVariables.Of(path));

    /// <summary>Reads a recipe from YAML.</summary>
    /// <param name="yaml">The text.</param>
    /// <param name="name">What messages call the text.</param>
    /// <param name="overrides">Values that replace those of the text, each <c>key.path=value</c>.</param>
    /// <param name="variables">What may be used in paths.</param>
    /// <exception cref="OptionsException">The recipe cannot be followed; all faults are told at once.</exception>
    public static Recipe Parse(string yaml, string name, IReadOnlyList<string> overrides, RecipeVariables variables) =>
        (Recipe)Bind(RecipeSchema.Default, yaml, name, overrides, variables);

    internal static object Bind(
        RecipeSchema schema, string yaml, string name, IReadOnlyList<string> overrides, RecipeVariables variables)
    {
        List<RecipeProblem> problems = [];
        object? recipe = null;
        if (RecipeYaml.Read(yaml, name, problems) is { } node)
        {
            if (node.IsNothing)
            {
                node = new RecipeNode.Keys(new RecipePlace(name, 1, 1), []);
            }

            if (node is RecipeNode.Keys keys)
            {
                foreach (var text in overrides)
                {
                    RecipeOverride.Apply(keys, text, problems);
                }
            }

            recipe = new RecipeBinder(schema, variables, problems).Section(schema.Root, node, path: "");
        }

        return problems is [] ? recipe! : throw new OptionsException(
            [.. problems.OrderBy(one => one.At.Line == 0).ThenBy(one => one.At.Line).ThenBy(one => one.At.Column)]);
    }

    private static string Text(string path)
    {
        try
        {
            var file = new FileInfo(path);
            return file is { Exists: true, Length: > LargestFile }
                ? throw new OptionsException(
                    $"{path}: must be a recipe of {LargestFile} bytes at most, has {file.Length}")
                : File.ReadAllText(path);
        }
        catch (Exception fault) when (fault is FileNotFoundException or DirectoryNotFoundException)
        {
            throw new OptionsException($"{path}: must be a recipe, there is no such file; check the path");
        }
        catch (Exception fault) when (fault is IOException or UnauthorizedAccessException)
        {
            throw new OptionsException($"{path}: must be a readable recipe: {fault.Message}");
        }
    }
}
