using Hone.Training.Recipes;

namespace Hone.Training.Tests.Methods;

public sealed class DpoMethodTests
{
    [Fact]
    public void A_run_begins_at_log_2_and_tells_the_answers_apart_at_its_end()
    {
        using var folder = new TemporaryFolder();
        using var recorder = new Recorder();

        recorder.Run(Tiny.Dpo(folder, "steps=20", $"data.eval={{path: {folder["rows.jsonl"]}}}"));

        var first = recorder.Steps[0].Metrics;
        Assert.Equal(Math.Log(2), first["loss"], 1e-6); // the model is its own reference
        Assert.Equal(0, first["rewards/margins"], 1e-6);
        Assert.Equal(0, first["rewards/accuracies"]); // a tie is wrong
        Assert.True(first["logps/chosen"] < 0 && first["logps/rejected"] < 0);
        Assert.Equal(Math.Log(2), recorder.Evaluations[0].Metrics["eval/loss"], 1e-6);

        var last = recorder.Evaluations[^1].Metrics;
        Assert.Equal(1, last["eval/rewards/accuracies"]);
        Assert.True(last["eval/rewards/margins"] > 1);
        Assert.True(last["eval/loss"] < 0.4);
        Assert.True(recorder.Steps[^1].Metrics["rewards/chosen"] > recorder.Steps[^1].Metrics["rewards/rejected"]);
    }

    [Fact]
    public void A_reference_that_is_computed_in_each_step_gives_the_same_run()
    {
        using var one = new TemporaryFolder();
        using var other = new TemporaryFolder();
        using var before = new Recorder();
        using var within = new Recorder();

        before.Run(Tiny.Dpo(one, "dpo.label_smoothing=0.1"));
        within.Run(Tiny.Dpo(other, "dpo.label_smoothing=0.1", "dpo.reference=each_step"));

        foreach (var (first, second) in before.Steps.Zip(within.Steps))
        {
            Assert.Equal(first.Metrics["loss"], second.Metrics["loss"], 1e-5);
            Assert.Equal(first.Metrics["rewards/margins"], second.Metrics["rewards/margins"], 1e-5);
        }
    }

    [Theory]
    [InlineData("dpo.divergence=forward_kl")]
    [InlineData("dpo.divergence=jensen_shannon")]
    [InlineData("dpo.divergence=alpha")]
    [InlineData("dpo.surplus_weight=0.5")]
    public void Every_divergence_begins_at_log_2_and_tells_the_answers_apart(string option)
    {
        using var folder = new TemporaryFolder();
        using var plain = new TemporaryFolder();
        using var recorder = new Recorder();
        using var usual = new Recorder();

        recorder.Run(Tiny.Dpo(folder, "steps=20", option));
        usual.Run(Tiny.Dpo(plain, "steps=20"));

        Assert.Equal(Math.Log(2), recorder.Steps[0].Metrics["loss"], 1e-6);
        Assert.True(recorder.Steps[^1].Metrics["loss"] < 0.5);
        Assert.NotEqual(usual.Steps[^1].Metrics["loss"], recorder.Steps[^1].Metrics["loss"]);
    }

    [Fact]
    public void Pairs_that_the_model_would_hardly_give_count_less()
    {
        using var folder = new TemporaryFolder();
        using var recorder = new Recorder();

        recorder.Run(
            Tiny.Dpo(folder, "steps=1", "dpo.weight_pairs=true", $"data.eval={{path: {folder["rows.jsonl"]}}}"));

        Assert.InRange(recorder.Steps[0].Metrics["loss"], 0.01, 0.9 * Math.Log(2));
        Assert.Equal(Math.Log(2), recorder.Evaluations[0].Metrics["eval/loss"], 1e-6);
    }

    [Fact]
    public void Options_that_contradict_pairs_are_refused()
    {
        using var folder = new TemporaryFolder();

        Assert.Equal(
            "data.long_rows: must not be split with method dpo, whose answers are compared whole; take cut_end, "
                + "leave_out or refuse",
            Assert.Single(
                (Tiny.Dpo(folder) with
                {
                    Data =
                    Tiny.Dpo(folder).Data with { LongRows = Data.LongExamples.Split }
                }).Problems()));
        Assert.Equal(
            "batch.tokens_per_micro_batch: must hold both answers of a pair, twice data.max_length (32), got 63",
            Assert.Single(
                (Tiny.Dpo(folder) with { Batch = new BatchOptions { TokensPerMicroBatch = 63 } }).Problems()));
    }
}
