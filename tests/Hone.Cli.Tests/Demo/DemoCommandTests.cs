using System.Text.Json;
using Hone.Models;
using Hone.Training.Recipes;

namespace Hone.Cli.Tests.Demo;

public sealed class DemoCommandTests : IDisposable
{
    private readonly ScratchFolder _scratch = new();

    private string Output => Path.Combine(_scratch.Path, "run");

    public void Dispose() => _scratch.Dispose();

    [Fact]
    public void A_demo_trains_each_stage_from_its_recipe_and_ends_with_one_line_for_machines()
    {
        var run =
            new HoneRun("demo", "--seed", "5", "--recipes", TinyDemo.Recipes(_scratch), "--output", Output, "--json");

        Assert.Equal(ExitCode.Done, run.Code);
        var line = Assert.Single(run.Output.Split('\n', StringSplitOptions.RemoveEmptyEntries));
        using var json = JsonDocument.Parse(line);
        Assert.Equal(5, json.RootElement.GetProperty("seed").GetInt64());
        var stages = json.RootElement.GetProperty("stages").EnumerateArray().ToList();
        Assert.Equal(
            ["pretrained", "sft", "sft-continued", "grpo", "majority", "best-of-n", "oracle"],
            stages.Select(stage => stage.GetProperty("name").GetString()));
        Assert.All(stages, stage =>
        {
            var accuracy = stage.GetProperty("accuracy").GetDouble();
            Assert.InRange(accuracy, stage.GetProperty("low").GetDouble(), stage.GetProperty("high").GetDouble());
            Assert.Equal(12, stage.GetProperty("n").GetInt32());
        });

        Assert.Equal(line, File.ReadAllText(Path.Combine(Output, "results.json")).TrimEnd());
        Assert.StartsWith(
            "<!DOCTYPE html>", File.ReadAllText(Path.Combine(Output, "report.html")), StringComparison.Ordinal);
        foreach (var stage in (string[])["pretrained", "sft", "grpo"])
        {
            ModelFolder.Load(Path.Combine(Output, stage, "final")).Dispose();
            Assert.Equal(5, RecipeFile.Load(Path.Combine(Output, stage, "recipe.yaml")).Seed);
        }
    }

    [Fact]
    public void Lines_tell_of_each_stage_where_nobody_watches()
    {
        var run = new HoneRun("demo", "--recipes", TinyDemo.Recipes(_scratch), "--output", Output);

        Assert.Equal(ExitCode.Done, run.Code);
        Assert.Contains(
            "12 problems are held out; none of them stands in 60 texts, 10 worked problems, 20 to practise on",
            run.Output, StringComparison.Ordinal);
        Assert.Contains("sft-continued  step    1, until it has had GRPO's time", run.Output, StringComparison.Ordinal);
        Assert.Contains("points over SFT that went on for the same time.", run.Output, StringComparison.Ordinal);
        Assert.Contains($"hone generate {Output}/grpo/final --prompt \"", run.Output, StringComparison.Ordinal);
        Assert.DoesNotContain('\r', run.Output);
    }

    [Fact]
    public void A_folder_that_is_not_empty_is_refused()
    {
        _scratch.File("run/notes.txt", "mine");

        var run = new HoneRun("demo", "--output", Output);

        Assert.Equal(ExitCode.BadInput, run.Code);
        Assert.Equal(
            $"--output: {Output}: must be an empty or absent folder, is neither; choose another one\n", run.Errors);
    }

    [Fact]
    public void A_missing_recipe_is_named()
    {
        var recipes = TinyDemo.Recipes(_scratch);
        File.Delete(Path.Combine(recipes, "grpo.yaml"));

        var run = new HoneRun("demo", "--recipes", recipes, "--output", Output);

        Assert.Equal(ExitCode.BadInput, run.Code);
        Assert.Equal(
            $"--recipes: {recipes}: must hold demo.yaml, pretrain.yaml, sft.yaml, grpo.yaml, sft-continued.yaml; "
                + "grpo.yaml is missing\n", run.Errors);
        Assert.False(Directory.Exists(Output));
    }

    [Fact]
    public void What_cannot_be_followed_in_the_demos_own_file_is_told_with_its_place()
    {
        var recipes = TinyDemo.Recipes(_scratch);
        var file = Path.Combine(recipes, "demo.yaml");
        File.WriteAllText(file, "task:\n  operand: 4\nsearch:\n  samples: 0\n");

        var run = new HoneRun("demo", "--recipes", recipes, "--output", Output);

        Assert.Equal(ExitCode.BadInput, run.Code);
        Assert.Equal(
            $"{file}:2:3: task.operand: is not a key of task; did you mean operands? "
            + "(keys: operands, smallest_operand, largest_operand, largest_total, held_out_share)\n"
            + $"{file}:4:12: search.samples: must be at least 1, got 0\n",
            run.Errors);
        Assert.False(Directory.Exists(Output));
    }
}
