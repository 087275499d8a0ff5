using System.Text.Json;
using Hone.Training.Recipes;
using Hone.Training.Tests.Recipes;

namespace Hone.Training.Tests;

public sealed class RunFolderTests
{
    [Fact]
    public void A_new_folder_holds_the_recipe_with_every_default()
    {
        using var folder = new TemporaryFolder();
        var recipe = Recipe(folder["a/b"]);

        using var run = RunFolder.Open(recipe, resume: false);

        Assert.Equal(RecipeWriter.Write(recipe), File.ReadAllText(folder["a/b/recipe.yaml"]));
    }

    [Fact]
    public void A_folder_with_content_is_refused_unless_resumed()
    {
        using var folder = new TemporaryFolder();
        Directory.CreateDirectory(folder["run"]);
        File.WriteAllText(folder["run/b"], "");
        Assert.Equal(
            $"output: {folder["run"]}: must be empty or absent, holds b; resume the run, or choose another output",
            Refusal(Recipe(folder["run"]), resume: false));
        File.WriteAllText(folder["run/a"], "");
        Assert.Equal(
            $"output: {folder["run"]}: must be empty or absent, holds a and 1 more; resume the run, or choose another "
                + "output",
            Refusal(Recipe(folder["run"]), resume: false));

        RunFolder.Open(Recipe(folder["run"]), resume: true).Dispose();

        Assert.True(File.Exists(folder["run/recipe.yaml"]));
    }

    [Fact]
    public void A_file_in_its_place_is_refused()
    {
        using var folder = new TemporaryFolder();
        File.WriteAllText(folder["run"], "");

        Assert.Equal(
            $"output: {folder["run"]}: must be a folder, is a file; choose another output",
            Refusal(Recipe(folder["run"]), resume: false));
    }

    [Fact]
    public void Another_recipe_cannot_go_on_with_a_run()
    {
        using var folder = new TemporaryFolder();
        RunFolder.Open(Recipe(folder["run"]), resume: false).Dispose();

        Assert.Equal(
            $"output: {folder["run"]}: must hold a run of the same recipe, differs in seed: was 1, is 2; "
                + "data.train.columns.text: was absent, is story; set these back, or choose another output",
            Refusal(Recipe(folder["run"], "seed=2", "data.train.columns={text: story}"), resume: true));
    }

    [Fact]
    public void A_run_may_go_on_for_longer_and_be_logged_otherwise()
    {
        using var folder = new TemporaryFolder();
        RunFolder.Open(Recipe(folder["run"]), resume: false).Dispose();
        var longer = Recipe(folder["run"], "steps=200", "checkpoints.keep=5", "logging.samples=0");

        RunFolder.Open(longer, resume: true).Dispose();

        Assert.Equal(RecipeWriter.Write(longer), File.ReadAllText(folder["run/recipe.yaml"]));
    }

    [Fact]
    public void Two_runs_cannot_use_a_folder_at_once()
    {
        using var folder = new TemporaryFolder();
        using (RunFolder.Open(Recipe(folder["run"]), resume: false))
        {
            Assert.Equal(
                $"output: {folder["run"]}: must be used by one run at a time, another one uses it now; wait for it, "
                    + "or choose another output",
                Refusal(Recipe(folder["run"]), resume: true));
        }

        RunFolder.Open(Recipe(folder["run"]), resume: true).Dispose();
    }

    [Fact]
    public void What_a_killed_run_left_unfinished_is_removed()
    {
        using var folder = new TemporaryFolder();
        RunFolder.Open(Recipe(folder["run"]), resume: false).Dispose();
        Directory.CreateDirectory(folder["run/checkpoints/step-3.partial"]);
        Directory.CreateDirectory(folder["run/final.partial"]);

        RunFolder.Open(Recipe(folder["run"]), resume: true).Dispose();

        Assert.Equal(["checkpoints"], Directory.GetDirectories(folder["run"]).Select(Path.GetFileName));
        Assert.Empty(Directory.GetDirectories(folder["run/checkpoints"]));
    }

    [Fact]
    public void Each_start_is_recorded()
    {
        using var folder = new TemporaryFolder();
        using var run = RunFolder.Open(Recipe(folder["run"]), resume: false);
        run.Add(Record(0));
        run.Add(Record(7));

        var records = JsonDocument.Parse(File.ReadAllText(folder["run/run.json"])).RootElement;

        Assert.Equal([0, 7], records.EnumerateArray().Select(record => record.GetProperty("step").GetInt32()));
        Assert.Equal("2026-01-02T03:04:05+00:00", records[1].GetProperty("started").GetString());
        Assert.Equal("float32", records[1].GetProperty("compute").GetString());
    }

    [Fact]
    public void The_finished_model_is_there_whole_or_not_at_all()
    {
        using var folder = new TemporaryFolder();
        using var run = RunFolder.Open(Recipe(folder["run"]), resume: false);

        Assert.Throws<IOException>(() => run.WriteFinal(path =>
        {
            File.WriteAllText(Path.Combine(path, "config.json"), "{}");
            throw new IOException("the disk is full");
        }));
        Assert.False(Directory.Exists(run.FinalPath));

        run.WriteFinal(path => File.WriteAllText(Path.Combine(path, "config.json"), "{}"));
        Assert.Equal("{}", File.ReadAllText(folder["run/final/config.json"]));
    }

    private static Recipe Recipe(string output, params string[] overrides) =>
        RecipeTexts.Read(RecipeTexts.Sft, [$"output={output}", .. overrides]);

    private static string Refusal(Recipe recipe, bool resume) =>
        Assert.Throws<OptionsException>(() => RunFolder.Open(recipe, resume)).Message;

    private static RunRecord Record(int step) => new()
    {
        Started = new DateTimeOffset(2026, 1, 2, 3, 4, 5, TimeSpan.Zero),
        Step = step,
        Version = "0.1.0",
        Seed = 1,
        Compute = "float32",
        ComputeReason = "the recipe asks for it",
        Threads = 2,
        Processor = "AVX2",
        Libtorch = "1.13.1",
        Blas = "openblas",
        System = "Linux",
    };
}
