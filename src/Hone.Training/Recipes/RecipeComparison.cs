using Hone.Training.Recipes.Reading;

namespace Hone.Training.Recipes;

/// <summary>Tells in what two recipes differ.</summary>
public static class RecipeComparison
{
    /// <summary>The differences between two recipes that <see cref="RecipeWriter"/> wrote, each as <c>key: was X, is
    /// Y</c>.</summary>
    /// <param name="before">The one as it was, in YAML.</param>
    /// <param name="now">The one as it is, in YAML.</param>
    /// <param name="ignored">Keys that may differ; the name of a section stands for all keys in it.</param>
    /// <exception cref="OptionsException">One of them is not YAML.</exception>
    public static IEnumerable<string> Differences(string before, string now, params IReadOnlyList<string> ignored)
    {
        var (old, current) = (Leaves(before), Leaves(now));
        return old.Keys.Union(current.Keys)
            .Where(key => !ignored.Any(name => key == name || key.StartsWith(name + ".", StringComparison.Ordinal)))
            .Select(key => (Key: key, Was: Value(old, key), Is: Value(current, key)))
            .Where(value => value.Was != value.Is)
            .Select(value => $"{value.Key}: was {value.Was}, is {value.Is}");

        static string Value(OrderedDictionary<string, string> leaves, string key) =>
            leaves.GetValueOrDefault(key, "absent");
    }

    private static OrderedDictionary<string, string> Leaves(string yaml)
    {
        List<RecipeProblem> problems = [];
        OrderedDictionary<string, string> leaves = [];
        if (RecipeYaml.Read(yaml, "recipe.yaml", problems) is { } node && problems is [])
        {
            Collect(node, "", leaves);
            return leaves;
        }

        throw new OptionsException(problems);
    }

    private static void Collect(RecipeNode node, string path, OrderedDictionary<string, string> leaves)
    {
        switch (node)
        {
            case RecipeNode.Keys keys:
                var prefix = path.Length == 0 ? "" : $"{path}.";
                keys.Entries.ForEach(entry => Collect(entry.Value, prefix + entry.Name, leaves));
                break;
            case RecipeNode.Items items:
                foreach (var (index, value) in items.Values.Index())
                {
                    Collect(value, $"{path}.{index}", leaves);
                }

                break;
            case RecipeNode.Text text:
                leaves[path] = text.Value;
                break;
            default:
                throw new InvalidOperationException($"unknown node {node.Description}");
        }
    }
}
