using Hone.Models.Generation;
using Hone.Training.Methods;
using Hone.Training.Recipes;

namespace Hone.Training.Tests.Methods;

public sealed class GrpoMethodTests
{
    [Theory]
    [InlineData("float32", 1, 1e-5)]
    [InlineData("float32", 0.6, 1e-5)]
    [InlineData("float32", 1.7, 1e-5)]
    [InlineData("bfloat16", 1, 0.02)]
    [InlineData("bfloat16", 0.6, 0.02)]
    public void The_engine_and_training_agree_on_log_probs(string compute, double temperature, double tolerance)
    {
        using var folder = new TemporaryFolder();

        var steps = Run(Tiny.Grpo(folder, $"compute={compute}", $"grpo.temperature={temperature}", "grpo.top_p=0.9"));

        Assert.Equal(4, steps.Count);
        Assert.All(steps, metrics => Assert.InRange(metrics["rollout_mismatch"], 0, tolerance));
    }

    [Fact]
    public void What_is_sampled_does_not_depend_on_micro_batches()
    {
        Assert.Equal(Samples(32), Samples(4096));
        Assert.NotEqual(Samples(32, seed: 8), Samples(32));

        static List<(string, string)> Samples(int tokens, int seed = 7)
        {
            using var folder = new TemporaryFolder();
            using var recorder = new Recorder();
            recorder.Run(Tiny.Grpo(
                folder, "steps=1", "logging.samples=8", $"seed={seed}", $"batch.tokens_per_micro_batch={tokens}"));
            var samples = recorder.Steps[0].Samples;
            Assert.Equal(8, samples.Count);
            return [.. samples.Select(sample => (sample.Prompt, sample.Completion))];
        }
    }

    [Theory]
    [InlineData("grpo.speculation=lookup")]
    [InlineData("grpo.speculation={kind: draft, path: DRAFT, draft_tokens: 3, weights: int8}")]
    public void Speculation_changes_no_metric(string option)
    {
        using var folder = new TemporaryFolder();
        Tiny.WithAdapter(folder, "lora"); // writes a model of the same vocabulary
        var plain = Run(Tiny.Grpo(folder, "steps=2", $"output={folder["plain"]}"));

        var drafted = Run(Tiny.Grpo(
            folder, "steps=2", $"output={folder["drafted"]}",
            option.Replace("DRAFT", folder["base"], StringComparison.Ordinal)));

        Assert.Equal(plain.Select(step => step["reward"]), drafted.Select(step => step["reward"]));
        Assert.Equal(plain.Select(step => step["loss"]), drafted.Select(step => step["loss"]));
    }

    [Fact]
    public void Drafts_are_for_rollouts_and_evaluation_and_few_bits_for_evaluation_alone()
    {
        using var folder = new TemporaryFolder();
        using var draft = Tiny.Decoder();
        GrpoOptions Options(string option) => (GrpoOptions)Tiny.Grpo(folder, option).Method;
        var lookup = RolloutSampler.Engines(
            Options("grpo.speculation={kind: lookup, draft_tokens: 7}"), WeightChoice.Int8, draft: null);
        var drafted = RolloutSampler.Engines(
            Options("grpo.speculation={kind: draft, path: small, weights: int4}"), WeightChoice.Compute, draft);

        Assert.Equal(
            (new Speculation.Lookup { DraftTokens = 7 }, GenerationWeights.Compute),
            (lookup.Rollouts.Speculation, lookup.Rollouts.Weights));
        Assert.Equal(
            (new Speculation.Lookup { DraftTokens = 7 }, GenerationWeights.Int8),
            (lookup.Evaluation.Speculation, lookup.Evaluation.Weights));
        Assert.Equal(new Speculation.Draft(draft) { Weights = GenerationWeights.Int4 }, drafted.Rollouts.Speculation);
        Assert.Equal(drafted.Rollouts, drafted.Evaluation);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void An_evaluation_may_keep_weights_in_few_bits_which_changes_no_training(bool isAdapter)
    {
        using var folder = new TemporaryFolder();
        string[] evaluated = [$"data.eval={{path: {folder["rows.jsonl"]}}}", "evaluation.samples=8", "steps=2"];
        if (isAdapter)
        {
            evaluated = [.. evaluated, .. Tiny.WithAdapter(folder, "lora")];
        }

        var (plain, coded) = (Evaluated("compute"), Evaluated("int4"));

        Assert.Equal(plain.Steps, coded.Steps);
        Assert.NotEqual(plain.Last, coded.Last);

        (double[] Steps, double[] Last) Evaluated(string weights)
        {
            using var recorder = new Recorder();
            recorder.Run(
                Tiny.Grpo(folder, [.. evaluated, $"output={folder[weights]}", $"evaluation.weights={weights}"]));
            return (
                [.. recorder.Steps.Select(step => step.Metrics["loss"])],
                [.. recorder.Evaluations.SelectMany(one => one.Metrics.Values)]);
        }
    }

    [Fact]
    public void Before_the_first_update_the_model_is_its_own_reference()
    {
        using var folder = new TemporaryFolder();

        var first = Run(Tiny.Grpo(folder, "steps=1", "grpo.inner_epochs=1"))[0];

        Assert.Equal(0, first["kl"], 1e-6);
        Assert.Equal(0, first["rollout_mismatch"], 1e-5);
    }

    private static List<IReadOnlyDictionary<string, double>> Run(Recipe recipe)
    {
        using var recorder = new Recorder();
        recorder.Run(recipe);
        return [.. recorder.Steps.Select(step => step.Metrics)];
    }
}
