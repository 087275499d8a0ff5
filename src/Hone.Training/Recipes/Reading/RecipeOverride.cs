using System.Globalization;

namespace Hone.Training.Recipes.Reading;

/// <summary>One <c>--set key.path=value</c> of the command line. The value is YAML, so that lists and sections can be
/// given too.</summary>
internal static class RecipeOverride
{
    /// <summary>Puts the value where its path leads, making the sections on the way; the last of several overrides of a
    /// key holds.</summary>
    public static void Apply(RecipeNode.Keys recipe, string text, List<RecipeProblem> problems)
    {
        var at = new RecipePlace($"--set {text}");
        if (text.Split('=', 2) is not [var path, var written]
            || path.Split('.') is not [_, ..] names
            || names.Contains(""))
        {
            problems.Add(new RecipeProblem(at, "", "must look like key.path=value"));
            return;
        }

        if (RecipeYaml.ReadValue(written, at, problems) is not { } value)
        {
            return;
        }

        RecipeNode section = recipe;
        for (var depth = 0; depth < names.Length; depth++)
        {
            var isLast = depth == names.Length - 1;
            if (Step(section, names[depth], at, isLast ? value : null) is not { } next)
            {
                problems.Add(new RecipeProblem(at, path, Refusal(section, names, depth)));
                return;
            }

            section = next;
        }
    }

    /// <summary>Goes one name deeper, and sets <paramref name="value"/> there when it is given; null when there is no
    /// such way.</summary>
    private static RecipeNode? Step(RecipeNode section, string name, RecipePlace at, RecipeNode? value)
    {
        switch (section)
        {
            case RecipeNode.Keys keys when value is null && keys.Find(name) is { IsNothing: false } existing:
                return existing;
            case RecipeNode.Keys keys:
                var next = value ?? new RecipeNode.Keys(at, []);
                keys.Put(new RecipeEntry(name, at, next));
                return next;
            case RecipeNode.Items items when Index(name) is { } index && index < items.Values.Count:
                return value is null ? items.Values[index] : items.Values[index] = value;
            default:
                return null;
        }
    }

    private static int? Index(string name) =>
        int.TryParse(name, NumberStyles.None, CultureInfo.InvariantCulture, out var index) ? index : null;

    private static string Refusal(RecipeNode section, string[] names, int depth)
    {
        var parent = string.Join('.', names[..depth]);
        return section is RecipeNode.Items items
            ? $"{parent} is a list of {items.Values.Count}; name an item by its number from 0, got {names[depth]}"
            : $"{parent} holds {section.Description}, which has no keys";
    }
}
