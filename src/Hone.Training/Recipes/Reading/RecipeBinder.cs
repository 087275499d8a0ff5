using System.Collections;
using Hone.Training.Recipes.Schema;

namespace Hone.Training.Recipes.Reading;

/// <summary>Makes options records of nodes, and tells every fault on the way instead of stopping at the
/// first.</summary>
internal sealed class RecipeBinder(RecipeSchema recipe, RecipeVariables variables, List<RecipeProblem> problems)
{
    private const int ListedKeys = 12;

    /// <summary>Binds a section; what could not be bound keeps its default.</summary>
    /// <param name="schema">The keys that the section may have.</param>
    /// <param name="node">What is written.</param>
    /// <param name="path">The key path of the section, empty at the top.</param>
    /// <param name="discriminator">A key that has been read already.</param>
    public object? Section(SectionSchema schema, RecipeNode node, string path, string? discriminator = null)
    {
        if (node.IsNothing)
        {
            node = new RecipeNode.Keys(node.At, []);
        }

        if (node is not RecipeNode.Keys keys)
        {
            return Refuse(node.At, path, $"must be a section of keys, got {node.Description}");
        }

        var before = problems.Count;
        var options = schema.Defaults();
        RefuseUnknownKeys(schema, keys, path, discriminator);
        foreach (var option in schema.Options)
        {
            Option(option, keys, path, options);
        }

        if (problems.Count == before)
        {
            problems.AddRange(schema.Problems(options).Select(fault => fault.Split(": ", 2) is [var key, var what]
                ? new RecipeProblem(PlaceOf(keys, key), Join(path, key), what)
                : new RecipeProblem(keys.At, path, fault)));
        }

        return options;
    }

    private void Option(OptionSchema option, RecipeNode.Keys keys, string path, object options)
    {
        var key = Join(path, option.Name);
        if (keys.Find(option.Name) is not { } node)
        {
            if (option.IsRequired)
            {
                Refuse(keys.At, key, $"must be given ({option.Expectation}), is missing");
            }

            return;
        }

        if (node.IsNothing && option.IsOptional)
        {
            return;
        }

        var value = option.Shape is OptionShape.OneOf { Choice: { IsBeside: true } choice }
            ? SectionBeside(choice, node, keys, path, key)
            : Value(option, option.Shape, node, key);
        if (value is not null)
        {
            option.Property.SetValue(options, value);
        }
    }

    private object? Value(OptionSchema option, OptionShape shape, RecipeNode node, string key) => shape switch
    {
        OptionShape.Scalar scalar => ScalarValue(option, scalar, node, key),
        OptionShape.Named named => EnumValue(named, node, key),
        OptionShape.Section section => Section(section.Schema, node, key),
        OptionShape.OneOf oneOf => ChosenSection(oneOf.Choice, node, key),
        OptionShape.Many many => List(option, many, node, key),
        OptionShape.Texts => Texts(node, key),
        _ => throw new InvalidOperationException($"{key} has the unknown shape {shape}"),
    };

    private object? ScalarValue(OptionSchema option, OptionShape.Scalar scalar, RecipeNode node, string key)
    {
        if (node is not RecipeNode.Text { IsNothing: false } text || scalar.Read(text.Value) is not { } value)
        {
            return Refuse(node.At, key, $"must be {option.Expectation}, got {node.Description}");
        }

        if (option.Interval is { } interval && !interval.Contains(Convert.ToDouble(value, null)))
        {
            return Refuse(node.At, key, $"must be in {interval.Notation}, got {text.Value}");
        }

        return option.IsPath ? variables.Expand((string)value, fault => Refuse(node.At, key, fault)) : value;
    }

    private object? EnumValue(OptionShape.Named named, RecipeNode node, string key)
    {
        var index = node is RecipeNode.Text text ? named.Names.ToList().IndexOf(text.Value) : -1;
        return index >= 0
            ? Enum.GetValues(named.Type).GetValue(index)
            : Refuse(node.At, key, NotAmong(named.Names, node));
    }

    private IList? List(OptionSchema option, OptionShape.Many many, RecipeNode node, string key)
    {
        if (node is not RecipeNode.Items items)
        {
            Refuse(node.At, key, $"must be {many.Words}, got {node.Description}");
            return null;
        }

        var list = (IList)Activator.CreateInstance(typeof(List<>).MakeGenericType(many.ItemType))!;
        foreach (var (index, item) in items.Values.Index())
        {
            if (Value(option, many.Item, item, Join(key, $"{index}")) is { } value)
            {
                list.Add(value);
            }
        }

        return list;
    }

    private Dictionary<string, string>? Texts(RecipeNode node, string key)
    {
        if (node is not RecipeNode.Keys keys)
        {
            Refuse(node.At, key, $"must be a section of keys, got {node.Description}");
            return null;
        }

        Dictionary<string, string> texts = [];
        foreach (var entry in keys.Entries)
        {
            if (entry.Value is RecipeNode.Text { IsNothing: false } text)
            {
                texts.Add(entry.Name, text.Value);
            }
            else
            {
                Refuse(entry.Value.At, Join(key, entry.Name), $"must be text, got {entry.Value.Description}");
            }
        }

        return texts;
    }

    private object? ChosenSection(ChoiceSchema choice, RecipeNode node, string path)
    {
        var name = node switch
        {
            RecipeNode.Keys keys => keys.Find(choice.Key),
            _ => node,
        };
        if (name is null)
        {
            var names = string.Join(" | ", Names(choice));
            return Refuse(node.At, Join(path, choice.Key), $"must be given ({names}), is missing");
        }

        var (section, key) = node is RecipeNode.Keys
            ? (node, Join(path, choice.Key))
            : (new RecipeNode.Keys(node.At, []), path);
        return CaseNamed(choice, name, key) is { } chosen ? Section(chosen.Section, section, path, choice.Key) : null;
    }

    private object? SectionBeside(ChoiceSchema choice, RecipeNode node, RecipeNode.Keys keys, string path, string key)
    {
        if (CaseNamed(choice, node, key) is not { } chosen)
        {
            return null;
        }

        var others = Names(choice).Where(name => name != chosen.Name).ToList();
        foreach (var other in keys.Entries.Where(entry => others.Contains(entry.Name)))
        {
            Refuse(
                other.At,
                Join(path, other.Name),
                $"is not read when {key} is {chosen.Name}; remove the section or choose {key}: {other.Name}");
        }

        var section = keys.Find(chosen.Name) ?? new RecipeNode.Keys(keys.At, []);
        return Section(chosen.Section, section, Join(path, chosen.Name));
    }

    private ChoiceCase? CaseNamed(ChoiceSchema choice, RecipeNode node, string key)
    {
        var chosen = node is RecipeNode.Text text ? choice.Cases.FirstOrDefault(one => one.Name == text.Value) : null;
        if (chosen is null)
        {
            Refuse(node.At, key, NotAmong([.. Names(choice)], node));
        }

        return chosen;
    }

    private void RefuseUnknownKeys(SectionSchema schema, RecipeNode.Keys keys, string path, string? discriminator)
    {
        List<string> known = discriminator is null ? [.. schema.Keys] : [discriminator, .. schema.Keys];
        foreach (var entry in keys.Entries.Where(entry => !known.Contains(entry.Name)))
        {
            var key = Join(path, entry.Name);
            var meant = NearestName.Of(entry.Name, known)
                ?? recipe.PathsTo(entry.Name).FirstOrDefault(found => found != key);
            var hint = meant is null ? "" : $"; did you mean {meant}?";
            var list = known.Count <= ListedKeys ? $" (keys: {string.Join(", ", known)})" : "";
            Refuse(entry.At, key, $"is not a key of {(path.Length == 0 ? "a recipe" : path)}{hint}{list}");
        }
    }

    private object? Refuse(RecipePlace at, string key, string what)
    {
        problems.Add(new RecipeProblem(at, key, what));
        return null;
    }

    private static string NotAmong(IReadOnlyList<string> names, RecipeNode node)
    {
        var near = node is RecipeNode.Text text ? NearestName.Of(text.Value, names) : null;
        var hint = near is null ? "" : $"; did you mean {near}?";
        return $"must be {(names.Count == 1 ? "" : "one of ")}{string.Join(", ", names)}, got {node.Description}{hint}";
    }

    private static IEnumerable<string> Names(ChoiceSchema choice) => choice.Cases.Select(one => one.Name);

    private static RecipePlace PlaceOf(RecipeNode.Keys keys, string key)
    {
        RecipeNode node = keys;
        foreach (var name in key.Split('.'))
        {
            if ((node as RecipeNode.Keys)?.Find(name) is not { } next)
            {
                break;
            }

            node = next;
        }

        return node.At;
    }

    private static string Join(string path, string name) => path.Length == 0 ? name : $"{path}.{name}";
}
