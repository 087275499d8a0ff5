using Hone.Cli.Commands;
using Hone.Training.Recipes;

namespace Hone.Cli.Tests.Commands;

public sealed class RecipesCommandTests : IDisposable
{
    private const string Good = """
        description: Stories
        method: sft
        seed: 1
        steps: 2
        output: run
        model: {path: m}
        data: {train: {path: rows.jsonl}}

        """;

    private readonly ScratchFolder _scratch = new();
    private readonly StringWriter _output = new() { NewLine = "\n" };
    private readonly StringWriter _errors = new() { NewLine = "\n" };

    [Fact]
    public void Recipes_are_listed_with_what_they_are_for()
    {
        _scratch.File("recipes/b.yaml", Good);
        _scratch.File("recipes/a-longer.yaml", Good.Replace("Stories", "Words", StringComparison.Ordinal));

        Assert.Equal(ExitCode.Done, Recipes().List(asJson: false));
        Assert.Equal("a-longer  Words\nb         Stories\n", _output.ToString());
    }

    [Fact]
    public void The_list_is_an_object_a_line_for_machines()
    {
        var path = _scratch.File("recipes/b.yaml", Good);

        Recipes().List(asJson: true);

        Assert.Equal($"{{\"name\":\"b\",\"description\":\"Stories\",\"path\":\"{path}\"}}\n", _output.ToString());
    }

    [Fact]
    public void A_copy_goes_where_it_is_wanted_and_overwrites_nothing()
    {
        _scratch.File("recipes/b.yaml", Good);
        var copy = Path.Combine(_scratch.Path, "mine.yaml");

        Assert.Equal((ExitCode.Done, $"{copy}\n"), (Recipes().Copy("b", copy), _output.ToString()));
        Assert.Equal(Good, File.ReadAllText(copy));
        var error = Assert.Throws<OptionsException>(() => Recipes().Copy("b", copy));
        Assert.Equal($"{copy}: must not exist yet, it does; give another name", error.Message);
    }

    [Fact]
    public void A_copy_takes_the_files_along_that_the_recipe_has_beside_it()
    {
        _scratch.File(
            "recipes/b.yaml", Good.Replace("rows.jsonl", "\"${recipe}/rows.jsonl\"", StringComparison.Ordinal));
        _scratch.File("recipes/rows.jsonl", "{}");
        var copy = _scratch.File("mine/other.txt", "").Replace("other.txt", "b.yaml", StringComparison.Ordinal);

        Recipes().Copy("b", Path.GetDirectoryName(copy));

        var rows = Path.Combine(Path.GetDirectoryName(copy)!, "rows.jsonl");
        Assert.Equal(($"{copy}\n{rows}\n", "{}"), (_output.ToString(), File.ReadAllText(rows)));
    }

    [Fact]
    public void A_name_that_is_none_gets_the_nearest_one()
    {
        _scratch.File("recipes/stories-sft.yaml", Good);

        Assert.Equal(
            "storys-sft: must be a recipe that comes with hone, is none; did you mean stories-sft?",
            Assert.Throws<OptionsException>(() => Recipes().Copy("storys-sft", null)).Message);
        Assert.Equal(
            "x: must be a recipe that comes with hone, is none; there are stories-sft",
            Assert.Throws<OptionsException>(() => Recipes().Copy("x", null)).Message);
    }

    [Fact]
    public void All_recipes_are_checked_and_all_problems_told()
    {
        var good = _scratch.File("good.yaml", Good);
        var bad = _scratch.File(
            "bad.yaml", Good.Replace("seed: 1\nsteps: 2", "seed: x\nstps: 2", StringComparison.Ordinal));

        var code = Recipes().Validate([bad, good], []);

        Assert.Equal((ExitCode.BadInput, $"{good}: ok\n"), (code, _output.ToString()));
        Assert.Equal(3, _errors.ToString().Count(letter => letter == '\n'));
        Assert.Contains($"{bad}:3:7: seed: must be a whole number", _errors.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public void The_recipes_that_come_with_hone_are_sound()
    {
        var files = Directory.GetFiles(RecipesCommand.ShippedFolder, "*.yaml");

        Assert.Equal(ExitCode.Done, Recipes().Validate(files, []));
        Assert.NotEmpty(files);
    }

    public void Dispose() => _scratch.Dispose();

    private RecipesCommand Recipes() => new(_output, _errors, Path.Combine(_scratch.Path, "recipes"));
}
