using Hone.Training.Metrics;
using Hone.Training.Progress;
using Hone.Training.Tests.Recipes;

namespace Hone.Training.Tests;

public sealed class RunLogTests
{
    [Fact]
    public void A_run_that_was_killed_and_resumed_has_the_lines_of_one_that_was_not()
    {
        using var whole = new TemporaryFolder();
        using var resumed = new TemporaryFolder();

        Log(whole["run"], lastStep: -1, first: 1, last: 6);
        Log(resumed["run"], lastStep: -1, first: 1, last: 4); // killed after step 4, with a checkpoint of step 2
        File.AppendAllText(resumed["run/metrics.jsonl"], "{\"step\":5,\"lo");
        Log(resumed["run"], lastStep: 2, first: 3, last: 6);

        Assert.Equal(Steps(whole["run/metrics.jsonl"]), Steps(resumed["run/metrics.jsonl"]));
        Assert.Equal(File.ReadAllText(whole["run/samples.jsonl"]), File.ReadAllText(resumed["run/samples.jsonl"]));
        Assert.Equal(EventSteps(whole["run"]), EventSteps(resumed["run"]));
    }

    [Fact]
    public void A_sample_of_supervised_training_has_no_rewards()
    {
        using var folder = new TemporaryFolder();
        Log(folder["run"], lastStep: -1, first: 1, last: 1);

        Assert.Equal(
            "{\"step\":1,\"prompt\":\"1 + 1 =\",\"completion\":\" 2\"}\n"
            + "{\"step\":1,\"prompt\":\"1 + 1 =\",\"completion\":\" "
            + "3\",\"reward\":0.5,\"rewards\":{\"length\":0.5,\"answer\":null},\"advantage\":\"NaN\"}\n",
            File.ReadAllText(folder["run/samples.jsonl"]));
    }

    [Fact]
    public void TensorBoard_events_are_written_only_when_asked_for()
    {
        using var folder = new TemporaryFolder();
        var recipe = RecipeTexts.Read(RecipeTexts.Sft, $"output={folder["run"]}", "logging.tensorboard=false");
        using var run = RunFolder.Open(recipe, resume: false);

        run.OpenLog(recipe, -1, TimeProvider.System).Dispose();

        Assert.Empty(Directory.GetFiles(folder["run"], "events*"));
    }

    private static void Log(string path, int lastStep, int first, int last)
    {
        var recipe = RecipeTexts.Read(RecipeTexts.Sft, $"output={path}");
        using var run = RunFolder.Open(recipe, resume: true);
        using var log = run.OpenLog(recipe, lastStep, TimeProvider.System);
        for (var step = first; step <= last; step++)
        {
            var metrics = new MetricSet();
            metrics.Add("loss", step, 2);
            log.Write(step, metrics);
            log.Write(new TrainingSample(
                step, "1 + 1 =", " 2", new Dictionary<string, double?>(), Reward: null, Advantage: null));
            log.Write(
                new TrainingSample(step, "1 + 1 =", " 3",
                    new Dictionary<string, double?> { ["length"] = 0.5, ["answer"] = null }, 0.5, double.NaN));
        }
    }

    private static IEnumerable<string> Steps(string path) =>
        File.ReadLines(path).Select(line => line[..line.IndexOf(',', StringComparison.Ordinal)]);

    private static List<long> EventSteps(string folder)
    {
        using var file = File.OpenRead(Directory.GetFiles(folder, "events*").Single());
        List<long> steps = [];
        while (EventRecord.ReadPayload(file) is { } payload)
        {
            steps.Add(EventRecord.StepOf(payload));
        }

        return steps;
    }
}
