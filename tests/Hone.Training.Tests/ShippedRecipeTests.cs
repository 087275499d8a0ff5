using Hone.Torch;
using Hone.Training.Recipes;

namespace Hone.Training.Tests;

/// <summary>The recipes that come with the program, at toy size.</summary>
public sealed class ShippedRecipeTests
{
    [Theory]
    [InlineData("stories-sft")]
    [InlineData("stories-lora")]
    [InlineData("stories-qlora")]
    [InlineData("stories-dpo")]
    [InlineData("stories-grpo", "grpo.max_new_tokens=8", "grpo.group_size=2")]
    public void A_recipe_runs_to_its_end(string name, params string[] overrides)
    {
        if (!Directory.Exists(Path.Combine(Repository.Fixtures, "models", "stories260k")))
        {
            Assert.Skip($"{Repository.Fixtures} is absent; point HONE_FIXTURES at the folder of models and data");
        }

        using var scope = TensorScope.Open();
        using var folder = new TemporaryFolder();
        using var recorder = new Recorder();
        var recipes = Path.Combine(Repository.Root, "recipes");
        var path = Path.Combine(recipes, $"{name}.yaml");
        string[] small =
        [
            $"output={folder["run"]}", "steps=2", "batch.rows_per_step=2", "evaluation.rows=2", "evaluation.samples=1",
            "schedule={kind: constant}",
        ];
        var recipe = RecipeFile.Parse(
            File.ReadAllText(path), path, [.. small, .. overrides], new RecipeVariables(recipes, Repository.Fixtures));

        var result = new Trainer(TimeProvider.System).Run(recipe, resume: false, recorder, recorder.Cancel);

        Assert.Equal((2, folder["run/final"]), (result.Step, result.Folder));
        Assert.NotEmpty(recorder.Evaluations);
    }
}
