using System.Text.Json;
using Hone.Models;
using Hone.Models.Generation;
using Hone.Training.Recipes;

namespace Hone.Training.Tests;

public sealed class TrainerTests
{
    private static readonly Trainer Trainer = new(TimeProvider.System);

    [Fact]
    public void A_run_tells_each_step_and_leaves_a_model()
    {
        using var folder = new TemporaryFolder();
        using var recorder = new Recorder();

        var result = recorder.Run(Tiny.Sft(folder));

        Assert.Equal((5, false, folder["run/final"]), (result.Step, result.Interrupted, result.Folder));
        Assert.Equal((0, 5), (recorder.Start!.Step, recorder.Start.Steps));
        Assert.Equal([1, 2, 3, 4, 5], recorder.Steps.Select(step => step.Step));
        Assert.Equal([2, 4], recorder.SavedSteps);
        Assert.Equal(recorder.Steps[^1].Metrics["loss"], result.Metrics["loss"]);
        Assert.True(recorder.Steps[^1].Metrics["loss"] < recorder.Steps[0].Metrics["loss"]);
        using var model = ModelFolder.Load(result.Folder);
        Assert.Equal(Tiny.End, model.Tokenizer!.EosId);
        Assert.Equal([Tiny.End], model.Generation.StopTokens);
    }

    [Theory]
    [InlineData("")]
    [InlineData("{kind: lora, rank: 2}")]
    public void The_chosen_template_lays_rows_out_and_is_saved_with_what_is_trained(string adapter)
    {
        using var folder = new TemporaryFolder();
        using var recorder = new Recorder();
        File.WriteAllText(
            folder["rows.jsonl"],
            """{"messages": [{"role": "user", "content": "ab"}, {"role": "assistant", "content": "cd"}]}""");
        const string source = "{% for m in messages %}{% if m.role == 'user' or shows %}{{ m.content }}{% endif %}"
            + "</s>{% endfor %}";
        File.WriteAllText(folder["mine.jinja"], source);
        string[] given = [$"data.chat_template={folder["mine.jinja"]}", "steps=1", "batch.rows_per_step=1"];
        given = adapter.Length == 0 ? given : Tiny.WithAdapter(folder, adapter, given);

        Assert.Equal(
            [
                $"{folder["rows.jsonl"]}:1: the chat template does not show what an assistant's turn says, so that "
                    + "it is not trained; perhaps further rows, too",
            ],
            Trainer.Plan(Tiny.Sft(folder, given)).Warnings);
        var result = recorder.Run(Tiny.Sft(folder, [.. given, "data.chat_template_kwargs={shows: true}"]));

        Assert.Empty(recorder.Start!.Plan.Warnings);
        Assert.Equal(source, File.ReadAllText(Path.Combine(result.Folder, "chat_template.jinja")));
    }

    [Theory]
    [InlineData("sft", """{"messages": [USER, ASSISTANT]}""", "")]
    [InlineData("sft", """{"prompt": [USER], "completion": [ASSISTANT]}""", "")]
    [InlineData("grpo", """{"prompt": [USER], "word": "a"}""", "data.max_length=60 batch.tokens_per_micro_batch=80")]
    [InlineData("dpo", """{"prompt": [USER], "chosen": [ASSISTANT], "rejected": [USER]}""", "")]
    public void A_layout_that_stands_in_for_a_template_is_told_once(string method, string row, string more)
    {
        using var folder = new TemporaryFolder();
        using var recorder = new Recorder();
        var turns = row.Replace("USER", """{"role": "user", "content": "ab"}""", StringComparison.Ordinal)
            .Replace("ASSISTANT", """{"role": "assistant", "content": "cd"}""", StringComparison.Ordinal);
        File.WriteAllLines(folder["rows.jsonl"], [turns, turns]);
        string[] given =
        [
            $"data.eval={{path: {folder["rows.jsonl"]}}}", "steps=1", "batch.rows_per_step=1", "evaluation.rows=1",
            .. more.Split(' ', StringSplitOptions.RemoveEmptyEntries),
        ];

        recorder.Run(Tiny.Of(method, folder, given));

        Assert.Equal(
            [
                "data.chat_template: the model comes with no chat template; conversations are laid out as ChatML, as "
                    + "far as its tokenizer has the tokens",
            ],
            recorder.Start!.Plan.Warnings);
    }

    [Fact]
    public void Answers_do_not_end_before_the_fewest_tokens_asked_for()
    {
        using var folder = new TemporaryFolder();
        using var recorder = new Recorder();

        var result = recorder.Run(
            Tiny.Grpo(folder, "steps=2", "grpo.min_new_tokens=8", "grpo.rewards=[{name: word_share, pattern: a}]"));

        Assert.Equal(8, result.Metrics["completions/mean_length"]);
        Assert.InRange(result.Metrics["rewards/word_share"], 0, 1);
    }

    [Theory]
    [InlineData("sft")]
    [InlineData("grpo")]
    [InlineData("dpo")]
    public void The_number_of_live_tensors_is_constant_from_the_third_step_on(string method)
    {
        using var folder = new TemporaryFolder();
        using var recorder = new Recorder();

        recorder.Run(Tiny.Of(method, folder, "steps=7", "checkpoints.every=0"));

        Assert.All(recorder.LiveTensors.Skip(2), count => Assert.Equal(recorder.LiveTensors[2], count));
    }

    [Fact]
    public void Every_metric_is_written_as_a_sum_and_a_count()
    {
        using var folder = new TemporaryFolder();
        using var recorder = new Recorder();

        recorder.Run(Tiny.Grpo(folder, "steps=1"));

        using var line = JsonDocument.Parse(Assert.Single(File.ReadAllLines(folder["run/metrics.jsonl"])));
        var pairs = line.RootElement.GetProperty("pairs");
        foreach (var (name, mean) in recorder.Steps[0].Metrics)
        {
            var (sum, count) = (pairs.GetProperty(name)[0].GetDouble(), pairs.GetProperty(name)[1].GetDouble());
            Assert.Equal(sum / count, line.RootElement.GetProperty(name).GetDouble());
            Assert.Equal(mean, line.RootElement.GetProperty(name).GetDouble());
        }

        Assert.Equal(8, pairs.GetProperty("completions/mean_length")[1].GetDouble()); // 2 prompts × 4 answers
        Assert.Equal(2, pairs.GetProperty("loss")[1].GetDouble()); // 2 passes of one update
    }

    [Fact]
    public void A_plan_counts_the_model_that_drafts_and_refuses_what_few_bits_do_not_cover()
    {
        using var folder = new TemporaryFolder();
        var adapter = Tiny.WithAdapter(folder, "loha"); // writes a model of the same vocabulary
        var evaluated = new[] { $"data.eval={{path: {folder["rows.jsonl"]}}}", "evaluation.weights=int8" };

        var plan = Trainer.Plan(Tiny.Grpo(folder, $"grpo.speculation={{kind: draft, path: {folder["base"]}}}"));
        var fault = Assert.Throws<CheckpointException>(
            () => Trainer.Plan(Tiny.Grpo(folder, [.. adapter, .. evaluated])));
        var covered = Trainer.Plan(Tiny.Grpo(folder, [.. Tiny.WithAdapter(folder, "lora"), .. evaluated]));

        // The weights are those of the model that is trained, in float32; 11 panels of 32 · 32 are packed.
        Assert.Equal((plan.Parameters + (11 * 32 * 32)) * sizeof(float), plan.Memory["draft model"]);
        Assert.Equal(plan.Memory["cache"], plan.Memory["draft model's cache"]);
        Assert.Equal(
            "evaluation.weights: weights in 8 bits need the fused step, which does not cover the model, since its "
                + "adapter changes matrices by more than factors of low rank and vectors; take \"compute\"",
            fault.Message);
        Assert.True(covered.Evaluation!.IsFused);
    }

    [Fact]
    public void A_plan_refuses_a_model_that_drafts_with_another_vocabulary()
    {
        using var folder = new TemporaryFolder();
        using var other = Tiny.Decoder(change: config => config with { VocabularySize = Tiny.Vocabulary + 2 });
        var defaults = new GenerationDefaults([], new SamplingOptions());
        ModelFolder.Of(other, defaults, null).Save(folder["other"]);

        var fault = Assert.Throws<CheckpointException>(
            () => Trainer.Plan(Tiny.Grpo(folder, $"grpo.speculation={{kind: draft, path: {folder["other"]}}}")));

        Assert.Equal(
            "generation engine: a draft model must predict the 10 tokens of the model's vocabulary, this one has 12 "
                + "tokens; take a smaller model of the same family",
            fault.Message);
    }

    [Fact]
    public void A_plan_is_made_without_a_run()
    {
        using var folder = new TemporaryFolder();

        var plan = Trainer.Plan(Tiny.Grpo(folder));

        Assert.Equal(("grpo", 4, 5, 0), (plan.Method, plan.Steps, plan.Rows, plan.EvaluationRows));

        // Embedding 10·16; of each layer 2 norms of 16, q and o 16·16, k and v 8·16, gate, up and down 24·16; the last
        // norm 16.
        Assert.Equal(160 + (2 * (32 + 512 + 256 + 1152)) + 16, plan.Parameters);
        Assert.False(Directory.Exists(folder["run"]));
    }

    [Theory]
    [InlineData("sft")]
    [InlineData("dpo")]
    [InlineData("grpo")]
    public void A_run_that_spares_memory_is_the_same_to_the_bit(string method)
    {
        using var usual = new TemporaryFolder();
        using var sparing = new TemporaryFolder();
        using var recorder = new Recorder();

        Assert.Equal(
            Tiny.Weights(recorder.Run(Tiny.Of(method, usual))),
            Tiny.Weights(recorder.Run(Tiny.Of(method, sparing, "memory=low"))));
    }

    [Theory]
    [InlineData("sft")]
    [InlineData("dpo")]
    public void No_more_rows_are_evaluated_on_than_the_recipe_says(string method)
    {
        using var folder = new TemporaryFolder();
        using var other = new TemporaryFolder();
        using var first = new Recorder();
        using var only = new Recorder();
        var one = other["one.jsonl"];
        var cut = Tiny.Of(
            method, folder, "steps=1", $"data.eval={{path: {folder["rows.jsonl"]}}}", "evaluation.rows=1");
        File.WriteAllLines(one, File.ReadLines(folder["rows.jsonl"]).Take(1));

        first.Run(cut);
        only.Run(Tiny.Of(method, other, "steps=1", $"data.eval={{path: {one}}}"));

        Assert.Equal(only.Evaluations[^1].Metrics["eval/loss"], first.Evaluations[^1].Metrics["eval/loss"]);
    }

    [Theory]
    [InlineData("sft")]
    [InlineData("grpo")]
    [InlineData("dpo")]
    public void A_plan_without_a_tensor_is_the_one_that_a_run_begins_with(string method)
    {
        using var folder = new TemporaryFolder();
        using var recorder = new Recorder { StopAfter = 1 };
        var rows = folder["held-out.jsonl"];
        File.WriteAllText(rows, method switch
        {
            "sft" => "{\"text\": \"abc\"}\n",
            "dpo" => "{\"chosen\": \"abc\", \"rejected\": \"ab\"}\n",
            _ => "{\"prompt\": \"ab\", \"word\": \"c\"}\n",
        });
        var recipe = Tiny.Of(method, folder, $"data.eval={{path: {rows}}}");
        var stopped = recorder.Run(recipe);
        var trained = recipe with { Model = new ModelOptions { Path = stopped.Folder }, Output = folder["again"] };
        using var again = new Recorder { StopAfter = 1 };
        again.Run(trained);

        Assert.Equal(Words(recorder.Start!.Plan), Words(Trainer.Plan(recipe)));
        Assert.Equal(Words(again.Start!.Plan), Words(Trainer.Plan(trained)));
        Assert.Equal(1, Trainer.Plan(trained).EvaluationRows);

        static string Words(TrainingPlan plan) => JsonSerializer.Serialize(plan);
    }
}
