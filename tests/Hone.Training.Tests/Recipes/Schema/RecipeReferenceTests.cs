using Hone.Training.Recipes.Schema;

namespace Hone.Training.Tests.Recipes.Schema;

public sealed class RecipeReferenceTests
{
    private static readonly OptionHelp Help = new();

    [Fact]
    public void The_page_of_recipes_says_what_the_records_say()
    {
        var path = Path.Combine(Repository.Root, "docs", "recipes.md");
        var page = File.ReadAllText(path);
        var begin = page.IndexOf("-->\n\n", StringComparison.Ordinal) + "-->\n\n".Length;
        var expected = page[..begin] + new RecipeReference(RecipeSchema.Default, Help).Markdown();
        if (Environment.GetEnvironmentVariable("HONE_UPDATE_DOCS") == "1")
        {
            File.WriteAllText(path, expected);
        }

        Assert.Equal(expected, File.ReadAllText(path));
    }

    [Fact]
    public void The_recipe_on_the_page_can_be_followed()
    {
        var page = File.ReadAllText(Path.Combine(Repository.Root, "docs", "recipes.md"));

        Assert.Equal(
            "/fixtures/models/stories260k",
            RecipeTexts.Read(page.Split("```yaml\n")[1].Split("```")[0]).Model.Path);
    }

    [Fact]
    public void Every_option_says_what_it_does() =>
        Assert.DoesNotContain(Options(RecipeSchema.Default.Root, ""), one => Help.Of(one.Option).Length == 0);

    [Fact]
    public void Every_default_lies_in_its_own_range() => Assert.DoesNotContain(
        Options(RecipeSchema.Default.Root, ""),
        one => !one.Option.IsRequired && one.Default is not (null or System.Collections.IEnumerable)
            && one.Option.Interval?.Contains(Convert.ToDouble(one.Default, null)) == false);

    private static IEnumerable<(string Path, OptionSchema Option, object? Default)> Options(
        SectionSchema section, string path)
    {
        var defaults = section.Defaults();
        foreach (var option in section.Options)
        {
            yield return (path + option.Name, option, option.Property.GetValue(defaults));
            foreach (var one in option.Sections().SelectMany(inner => Options(inner.Section, $"{path}{inner.Path}.")))
            {
                yield return one;
            }
        }
    }
}
