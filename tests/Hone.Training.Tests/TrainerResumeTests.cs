using System.Text.Json;
using Hone.Training.Progress;
using Hone.Training.Recipes;

namespace Hone.Training.Tests;

/// <summary>Runs that are stopped and go on.</summary>
public sealed class TrainerResumeTests
{
    [Theory]
    [InlineData("sft", 2, 0)]
    [InlineData("sft", 0, 1)]
    [InlineData("sft", 0, 4)]
    [InlineData("grpo", 2, 0)]
    [InlineData("grpo", 0, 1)]
    [InlineData("grpo", 0, 3)]
    [InlineData("dpo", 2, 0)]
    [InlineData("dpo", 0, 1)]
    [InlineData("dpo", 0, 4)]
    public void A_run_that_was_stopped_between_steps_or_inside_of_one_goes_on_as_if_it_had_not_been(
        string method, int stopAfter, int stopIn)
    {
        using var undisturbed = new TemporaryFolder();
        using var disturbed = new TemporaryFolder();
        using var whole = new Recorder();
        using var first = new Recorder
        {
            StopAfter = stopAfter,
            StopIn = stopIn == 0 ? null : (stopIn, method == "grpo" ? PhaseKind.Generation : PhaseKind.Training),
        };
        using var second = new Recorder();
        var recipe = Tiny.Of(method, disturbed);
        var done = stopIn == 0 ? stopAfter : stopIn - 1;

        var expected = whole.Run(Tiny.Of(method, undisturbed));
        var stopped = first.Run(recipe);
        var resumed = second.Run(recipe, resume: true);

        Assert.Equal(
            (done, true, disturbed[$"run/checkpoints/step-{done}"]),
            (stopped.Step, stopped.Interrupted, stopped.Folder));
        Assert.Equal(done, second.Start!.Step);
        Assert.Equal((recipe.Steps, false), (resumed.Step, resumed.Interrupted));
        Assert.Equal(Tiny.Weights(expected), Tiny.Weights(resumed));
        Assert.Equal(Enumerable.Range(1, recipe.Steps), Lines(disturbed).Select(line => line.Step));
        Assert.Equal(Lines(undisturbed), Lines(disturbed));
        Assert.Equal(
            File.ReadAllText(undisturbed["run/samples.jsonl"]), File.ReadAllText(disturbed["run/samples.jsonl"]));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(2)]
    [InlineData(5)]
    public void A_run_that_was_stopped_while_it_evaluated_makes_up_for_it(int step)
    {
        using var undisturbed = new TemporaryFolder();
        using var disturbed = new TemporaryFolder();
        using var whole = new Recorder();
        using var first = new Recorder { StopIn = (step, PhaseKind.Evaluation) };
        using var second = new Recorder();

        whole.Run(Evaluated(undisturbed));
        var stopped = first.Run(Evaluated(disturbed));
        second.Run(Evaluated(disturbed), resume: true);

        Assert.Equal((step, true), (stopped.Step, stopped.Interrupted));
        Assert.Equal([0, 2, 4, 5], whole.Evaluations.Select(evaluation => evaluation.Step));
        Assert.Equal([0, 2, 4, 5], first.Evaluations.Concat(second.Evaluations).Select(evaluation => evaluation.Step));
        Assert.Equal(Lines(undisturbed), Lines(disturbed));

        static Recipe Evaluated(TemporaryFolder folder) =>
            Tiny.Sft(folder, $"data.eval={{path: {folder["rows.jsonl"]}}}", "evaluation.every=2");
    }

    [Fact]
    public void An_altered_checkpoint_is_told_and_the_one_before_it_used()
    {
        using var undisturbed = new TemporaryFolder();
        using var disturbed = new TemporaryFolder();
        using var whole = new Recorder();
        using var first = new Recorder { StopAfter = 3 };
        using var second = new Recorder();
        var expected = whole.Run(Tiny.Sft(undisturbed));
        first.Run(Tiny.Sft(disturbed));
        var altered = disturbed["run/checkpoints/step-3/model.safetensors"];
        var bytes = File.ReadAllBytes(altered);
        bytes[^5] ^= 1;
        File.WriteAllBytes(altered, bytes);

        var resumed = second.Run(Tiny.Sft(disturbed), resume: true);

        Assert.Equal(2, second.Start!.Step);
        var warning = Assert.Single(second.Start.Plan.Warnings);
        Assert.StartsWith(altered, warning, StringComparison.Ordinal);
        Assert.EndsWith("; the run goes on from the checkpoint before it", warning, StringComparison.Ordinal);
        Assert.Equal(Tiny.Weights(expected), Tiny.Weights(resumed));
        Assert.Equal([1, 2, 3, 4, 5], Lines(disturbed).Select(line => line.Step));
    }

    /// <summary>Each line of the metrics: its step, and all that does not depend on the clock.</summary>
    private static List<(int Step, string Metrics)> Lines(TemporaryFolder folder) =>
    [
        .. File.ReadLines(folder["run/metrics.jsonl"]).Select(line =>
        {
            using var json = JsonDocument.Parse(line);
            var metrics = json.RootElement.EnumerateObject()
                .Where(metric => metric.Name is not ("time" or "tokens_per_second" or "pairs")
                    && !metric.Name.StartsWith("time/", StringComparison.Ordinal));
            return (json.RootElement.GetProperty("step").GetInt32(), string.Join(' ', metrics));
        }),
    ];
}
