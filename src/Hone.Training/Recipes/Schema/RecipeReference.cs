using System.Text;

namespace Hone.Training.Recipes.Schema;

/// <summary>Writes the reference of all options as a page of Markdown.</summary>
public sealed class RecipeReference(RecipeSchema schema, OptionHelp help)
{
    private readonly StringBuilder _page = new();

    /// <summary>The tables of all sections, top level first.</summary>
    public string Markdown()
    {
        _page.Clear();
        Section(schema.Root, "Top level", "");
        return _page.ToString().TrimEnd('\n') + "\n";
    }

    private void Section(SectionSchema section, string title, string path)
    {
        _page.Append("## ").Append(title).Append("\n\n").Append(help.Of(section)).Append("\n\n");
        if (section.Options is [])
        {
            _page.Append("No options of its own.\n\n");
        }
        else
        {
            _page.Append("| key | value | default | effect |\n|---|---|---|---|\n");
            var defaults = section.Defaults();
            foreach (var option in section.Options)
            {
                string[] cells = [$"`{path}{option.Name}`", Value(option), Default(option, defaults), Effect(option)];
                _page.Append($"| {string.Join(" | ", cells.Select(Cell))} |\n");
            }

            _page.Append('\n');
        }

        foreach (var option in section.Options)
        {
            foreach (var (inner, innerTitle, innerPath) in Inner(option.Shape, path + option.Name, path))
            {
                Section(inner, innerTitle, innerPath);
            }
        }
    }

    private static IEnumerable<(SectionSchema Section, string Title, string Path)> Inner(
        OptionShape shape, string path, string outer) =>
        shape switch
        {
            OptionShape.Section section => [(section.Schema, $"`{path}`", $"{path}.")],
            OptionShape.OneOf { Choice: { IsBeside: true } choice } => choice.Cases
                .Select(one => (one.Section, $"`{outer}{one.Name}`", $"{outer}{one.Name}.")),
            OptionShape.OneOf { Choice: var choice } => choice.Cases
                .Select(one => (one.Section, $"`{path}` with `{choice.Key}: {one.Name}`", $"{path}.")),
            OptionShape.Many many => Inner(many.Item, $"{path}.N", outer),
            _ => [],
        };

    private static string Value(OptionSchema option) => option switch
    {
        { Shape: OptionShape.Section } => "section",
        { IsPath: true } => "path",
        _ => option.Expectation,
    };

    private static string Default(OptionSchema option, object defaults)
    {
        if (option.IsRequired)
        {
            return "required";
        }

        return (option.Shape, option.Property.GetValue(defaults)) switch
        {
            (_, null) => "none",
            (OptionShape.Section, _) => "its own defaults",
            (OptionShape.Many { Item: OptionShape.Scalar item }, System.Collections.IEnumerable values)
                when values.Cast<object>().Select(item.Write).ToList() is [_, ..] texts =>
                $"`[{string.Join(", ", texts)}]`",
            (OptionShape.Many or OptionShape.Texts, _) => "empty",
            (OptionShape.OneOf { Choice: var choice }, var value) => $"`{choice.CaseOf(value).Name}`",
            (OptionShape.Named, var value) => $"`{SnakeCase.Of(value.ToString()!)}`",
            (OptionShape.Scalar scalar, var value) when scalar.Write(value) is { Length: > 0 } text => $"`{text}`",
            (OptionShape.Scalar, _) => "empty",
            var (shape, _) => throw new InvalidOperationException($"unknown shape {shape}"),
        };
    }

    private string Effect(OptionSchema option)
    {
        if (option.Shape is not OptionShape.Named named)
        {
            return help.Of(option);
        }

        var members = Enum.GetNames(named.Type);
        var names = named.Names.Zip(members, (name, member) => $"`{name}`: {help.Of(named.Type, member)}");
        return $"{help.Of(option)} {string.Join(' ', names)}";
    }

    private static string Cell(string text) => text.Replace("|", "\\|", StringComparison.Ordinal);
}
