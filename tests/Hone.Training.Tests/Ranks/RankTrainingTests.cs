using System.Text.Json;
using Hone.Torch;
using Hone.Training.Recipes;

namespace Hone.Training.Tests.Ranks;

public sealed class RankTrainingTests
{
    [Theory]
    [InlineData("sft")]
    [InlineData("grpo")]
    [InlineData("dpo")]
    public void Two_ranks_train_and_sample_as_one_does(string method)
    {
        using var alone = new TemporaryFolder();
        using var together = new TemporaryFolder();
        string[] overrides = ["batch.rows_per_step=3", "logging.samples=16"];

        Run(1, () => Recipe(method, alone, overrides));
        Run(2, () => Recipe(method, together, overrides));

        Assert.Equal(Samples(alone), Samples(together));
        var (expected, found) = (Metrics(alone), Metrics(together));
        Assert.Equal(expected.Count, found.Count);
        foreach (var (one, other) in expected.Zip(found))
        {
            Assert.Equal(one.Keys, other.Keys);
            Assert.All(one, metric => Assert.Equal(metric.Value, other[metric.Key], Tolerance(metric.Value)));
        }

        // of the first step nothing but the order of addition differs
        Assert.Equal(expected[0]["loss"], found[0]["loss"], 1e-6 * Math.Abs(expected[0]["loss"]));
        Assert.Equal(expected[0]["grad_norm"], found[0]["grad_norm"], 1e-6 * expected[0]["grad_norm"]);
    }

    [Theory]
    [InlineData("sft")]
    [InlineData("grpo")]
    [InlineData("dpo")]
    public void Evaluation_is_divided_and_finds_the_same(string method)
    {
        using var alone = new TemporaryFolder();
        using var together = new TemporaryFolder();

        var one = Run(1, () => Evaluated(alone))[0];
        var both = Run(2, () => Evaluated(together));

        Assert.All(both, result => Assert.Equal(
            one.Metrics.Keys.Where(IsExact), result.Metrics.Keys.Where(IsExact)));
        foreach (var (name, value) in one.Metrics.Where(metric => IsExact(metric.Key)))
        {
            Assert.All(both, result => Assert.Equal(value, result.Metrics[name], Tolerance(value)));
        }

        Recipe Evaluated(TemporaryFolder folder) =>
            Recipe(method, folder, $"data.eval={{path: {folder["rows.jsonl"]}}}", "steps=2");
    }

    [Theory]
    [InlineData("sft", 2, 2)]
    [InlineData("sft", 3, 3)]
    [InlineData("grpo", 2, 2)]
    [InlineData("dpo", 2, 2)]
    public void A_run_of_several_ranks_goes_on_bit_for_bit(string method, int first, int second)
    {
        using var undisturbed = new TemporaryFolder();
        using var disturbed = new TemporaryFolder();

        Run(first, () => Recipe(method, undisturbed));
        var stopped = Run(first, () => Recipe(method, disturbed), stopOn: 1, stopAfter: 2);
        Run(second, () => Recipe(method, disturbed), resume: true);

        Assert.All(stopped, result => Assert.Equal((2, true), (result.Step, result.Interrupted)));
        Assert.Equal(Weights(undisturbed), Weights(disturbed));
        Assert.Equal(Samples(undisturbed), Samples(disturbed));
    }

    [Theory]
    [InlineData("sft", 1, 2)]
    [InlineData("sft", 2, 1)]
    [InlineData("grpo", 3, 2)]
    [InlineData("dpo", 2, 1)]
    public void Another_number_of_ranks_goes_on_with_the_same_rows_and_draws(string method, int first, int second)
    {
        using var undisturbed = new TemporaryFolder();
        using var disturbed = new TemporaryFolder();

        Run(1, () => Recipe(method, undisturbed));
        Run(first, () => Recipe(method, disturbed), stopOn: first - 1, stopAfter: 2);
        Run(second, () => Recipe(method, disturbed), resume: true);

        Assert.Equal(Samples(undisturbed), Samples(disturbed));
        var (expected, found) = (Metrics(undisturbed), Metrics(disturbed));
        Assert.Equal(expected.Count, found.Count);
        Assert.All(expected.Zip(found), pair => Assert.Equal(pair.First["loss"], pair.Second["loss"], 1e-4));
    }

    [Fact]
    public void Ranks_with_different_recipes_refuse_to_train()
    {
        using var folder = new TemporaryFolder();

        var fault = Assert.Throws<OptionsException>(() => RankThreads.Run(2, ranks =>
            new Trainer(TimeProvider.System, ranks).Run(
                Tiny.Sft(folder, $"steps={5 + ranks.Rank}"), resume: false, new Recorder(), CancellationToken.None)));

        Assert.Equal("rank 1: must follow the recipe of rank 0; steps: was 5, is 6", fault.Message);
        Assert.False(Directory.Exists(folder["run"]));
    }

    [Fact]
    public void Ranks_with_different_rows_refuse_to_train()
    {
        using var folder = new TemporaryFolder();
        using var other = new TemporaryFolder();
        Tiny.Sft(other);
        File.AppendAllText(other["rows.jsonl"], """{"prompt": "a", "completion": "b"}""");

        var fault = Assert.Throws<OptionsException>(() => RankThreads.Run(2, ranks =>
            new Trainer(TimeProvider.System, ranks).Run(
                Tiny.Sft(ranks.Rank == 0 ? folder : other), resume: false, new Recorder(), CancellationToken.None)));

        Assert.Equal(
            "rank 1: must have the rows of rank 0, 7 to train and 0 to evaluate on, has others, 8 and 0; "
            + "give it the same files",
            fault.Message);
        Assert.False(Directory.Exists(folder["run"]));
    }

    [Fact]
    public void The_record_says_how_many_ranks_there_were()
    {
        using var folder = new TemporaryFolder();

        Run(2, () => Tiny.Sft(folder));

        using var records = JsonDocument.Parse(File.ReadAllText(folder["run/run.json"]));
        Assert.Equal(2, records.RootElement[0].GetProperty("ranks").GetInt32());
    }

    /// <summary>Whether a metric does not depend on the clock.</summary>
    private static bool IsExact(string metric) =>
        metric != "tokens_per_second" && !metric.StartsWith("time/", StringComparison.Ordinal);

    private static double Tolerance(double value) => 1e-4 * Math.Max(1, Math.Abs(value));

    /// <summary>Runs a recipe on several ranks; one of them may be asked to stop.</summary>
    private static TrainingResult[] Run(
        int count, Func<Recipe> recipe, bool resume = false, int stopOn = -1, int stopAfter = 0)
    {
        var read = recipe();
        return RankThreads.Run(count, ranks =>
        {
            using var scope = TensorScope.Open();
            using var recorder = new Recorder { StopAfter = ranks.Rank == stopOn ? stopAfter : 0 };
            return new Trainer(TimeProvider.System, ranks).Run(read, resume, recorder, recorder.Cancel);
        });
    }

    private static Recipe Recipe(string method, TemporaryFolder folder, params string[] overrides) =>
        Tiny.Of(method, folder, overrides);

    private static byte[] Weights(TemporaryFolder folder) => File.ReadAllBytes(folder["run/final/model.safetensors"]);

    /// <summary>What was trained on, without the numbers that the order of addition changes.</summary>
    private static List<(string, string)> Samples(TemporaryFolder folder) =>
    [
        .. File.ReadLines(folder["run/samples.jsonl"]).Select(line =>
        {
            using var json = JsonDocument.Parse(line);
            var sample = json.RootElement;
            return (sample.GetProperty("prompt").GetString()!, sample.GetProperty("completion").GetString()!);
        }),
    ];

    private static List<Dictionary<string, double>> Metrics(TemporaryFolder folder) =>
    [
        .. File.ReadLines(folder["run/metrics.jsonl"]).Select(line =>
        {
            using var json = JsonDocument.Parse(line);
            return json.RootElement.GetProperty("pairs").EnumerateObject()
                .Where(pair => IsExact(pair.Name))
                .ToDictionary(pair => pair.Name, pair => pair.Value[0].GetDouble() / pair.Value[1].GetDouble());
        }),
    ];
}
