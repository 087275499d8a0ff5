using System.Text.Json;
using Hone.Data;
using Hone.Models;
using Hone.Torch;
using Hone.Training.Progress;
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

        var result = Run(Tiny.Sft(folder), recorder);

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
        var result = Run(Tiny.Sft(folder, [.. given, "data.chat_template_kwargs={shows: true}"]), recorder);

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

        Run(Tiny.Of(method, folder, given), recorder);

        Assert.Equal(
            [
                "data.chat_template: the model comes with no chat template; conversations are laid out as ChatML, as "
                    + "far as its tokenizer has the tokens",
            ],
            recorder.Start!.Plan.Warnings);
    }

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
        var recipe = Recipe(method, disturbed);
        var done = stopIn == 0 ? stopAfter : stopIn - 1;

        var expected = Run(Recipe(method, undisturbed), whole);
        var stopped = Run(recipe, first);
        var resumed = Run(recipe, second, resume: true);

        Assert.Equal(
            (done, true, disturbed[$"run/checkpoints/step-{done}"]),
            (stopped.Step, stopped.Interrupted, stopped.Folder));
        Assert.Equal(done, second.Start!.Step);
        Assert.Equal((recipe.Steps, false), (resumed.Step, resumed.Interrupted));
        Assert.Equal(Weights(expected), Weights(resumed));
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

        Run(Evaluated(undisturbed), whole);
        var stopped = Run(Evaluated(disturbed), first);
        Run(Evaluated(disturbed), second, resume: true);

        Assert.Equal((step, true), (stopped.Step, stopped.Interrupted));
        Assert.Equal([0, 2, 4, 5], whole.Evaluations.Select(evaluation => evaluation.Step));
        Assert.Equal([0, 2, 4, 5], first.Evaluations.Concat(second.Evaluations).Select(evaluation => evaluation.Step));
        Assert.Equal(Lines(undisturbed), Lines(disturbed));

        static Recipe Evaluated(TemporaryFolder folder) =>
            Tiny.Sft(folder, $"data.eval={{path: {folder["rows.jsonl"]}}}", "evaluation.every=2");
    }

    [Fact]
    public void Answers_do_not_end_before_the_fewest_tokens_asked_for()
    {
        using var folder = new TemporaryFolder();
        using var recorder = new Recorder();

        var result = Run(
            Tiny.Grpo(folder, "steps=2", "grpo.min_new_tokens=8", "grpo.rewards=[{name: word_share, pattern: a}]"),
            recorder);

        Assert.Equal(8, result.Metrics["completions/mean_length"]);
        Assert.InRange(result.Metrics["rewards/word_share"], 0, 1);
    }

    [Fact]
    public void An_altered_checkpoint_is_told_and_the_one_before_it_used()
    {
        using var undisturbed = new TemporaryFolder();
        using var disturbed = new TemporaryFolder();
        using var whole = new Recorder();
        using var first = new Recorder { StopAfter = 3 };
        using var second = new Recorder();
        var expected = Run(Tiny.Sft(undisturbed), whole);
        Run(Tiny.Sft(disturbed), first);
        var altered = disturbed["run/checkpoints/step-3/model.safetensors"];
        var bytes = File.ReadAllBytes(altered);
        bytes[^5] ^= 1;
        File.WriteAllBytes(altered, bytes);

        var resumed = Run(Tiny.Sft(disturbed), second, resume: true);

        Assert.Equal(2, second.Start!.Step);
        var warning = Assert.Single(second.Start.Plan.Warnings);
        Assert.StartsWith(altered, warning, StringComparison.Ordinal);
        Assert.EndsWith("; the run goes on from the checkpoint before it", warning, StringComparison.Ordinal);
        Assert.Equal(Weights(expected), Weights(resumed));
        Assert.Equal([1, 2, 3, 4, 5], Lines(disturbed).Select(line => line.Step));
    }

    [Theory]
    [InlineData("sft")]
    [InlineData("grpo")]
    [InlineData("dpo")]
    public void The_number_of_live_tensors_is_constant_from_the_third_step_on(string method)
    {
        using var folder = new TemporaryFolder();
        using var recorder = new Recorder();

        Run(Recipe(method, folder, "steps=7", "checkpoints.every=0"), recorder);

        Assert.All(recorder.LiveTensors.Skip(2), count => Assert.Equal(recorder.LiveTensors[2], count));
    }

    [Fact]
    public void Every_metric_is_written_as_a_sum_and_a_count()
    {
        using var folder = new TemporaryFolder();
        using var recorder = new Recorder();

        Run(Tiny.Grpo(folder, "steps=1"), recorder);

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
    public void A_reward_that_cannot_judge_stops_the_run_in_words()
    {
        using var folder = new TemporaryFolder();
        using var recorder = new Recorder();
        File.WriteAllLines(
            folder["rows.jsonl"], ["""{"prompt": "ab", "word": "a"}""", """{"prompt": "c", "word": ""}"""]);

        var fault = Assert.Throws<TrainingException>(() => Run(Tiny.Grpo(folder), recorder));

        Assert.Equal(
            $"{folder["rows.jsonl"]}:2: each reward must judge each answer or say that it does not apply; "
            + "contains_word: \"word\" must hold a word, is empty",
            fault.Message);
        Assert.Empty(recorder.Steps);
    }

    [Fact]
    public void A_prompt_that_leaves_no_room_is_refused_before_anything_is_written()
    {
        using var folder = new TemporaryFolder();
        using var recorder = new Recorder();
        File.WriteAllLines(
            folder["rows.jsonl"], ["""{"prompt": "ab"}""", """{"prompt": "abcdefgh abcdefgh abcdefg"}"""]);

        var fault = Assert.Throws<DataException>(() => Run(Tiny.Grpo(folder), recorder));

        Assert.Equal(
            $"{folder["rows.jsonl"]}:2: the prompt must leave room for grpo.max_new_tokens (8) "
            + "in data.max_length (32), has 25 tokens; raise data.max_length or leave the row out",
            fault.Message);
        Assert.Null(recorder.Start);
        Assert.False(Directory.Exists(folder["run"]));
    }

    [Fact]
    public void Rows_that_train_no_stop_are_refused_before_the_first_step()
    {
        using var folder = new TemporaryFolder();
        using var recorder = new Recorder();
        File.WriteAllLines(
            folder["rows.jsonl"],
            ["""{"prompt": "ab", "completion": "cdef"}""", """{"prompt": "", "completion": "abcdef"}"""]);

        // 4 of the 7 tokens are left, the end of text not among them; of the first row the last 2 are trained, of the
        // second the last 3.
        var fault = Assert.Throws<DataException>(() => Run(Tiny.Sft(folder, "data.max_length=4"), recorder));

        Assert.Equal(
            "data: at least one row must train the model to stop, got none (2 rows, 2 examples, 8 tokens, 5 of them "
            + "trained; 2 cut); raise max_length, so that ends are not cut off",
            fault.Message);
        Assert.Null(recorder.Start);
        Assert.False(Directory.Exists(folder["run"]));
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
            Weights(Run(Recipe(method, usual), recorder)),
            Weights(Run(Recipe(method, sparing, "memory=low"), recorder)));
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
        var cut = Recipe(method, folder, "steps=1", $"data.eval={{path: {folder["rows.jsonl"]}}}", "evaluation.rows=1");
        File.WriteAllLines(one, File.ReadLines(folder["rows.jsonl"]).Take(1));

        Run(cut, first);
        Run(Recipe(method, other, "steps=1", $"data.eval={{path: {one}}}"), only);

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
        var recipe = Recipe(method, folder, $"data.eval={{path: {rows}}}");
        var stopped = Run(recipe, recorder);
        var trained = recipe with { Model = new ModelOptions { Path = stopped.Folder }, Output = folder["again"] };
        using var again = new Recorder { StopAfter = 1 };
        Run(trained, again);

        Assert.Equal(Words(recorder.Start!.Plan), Words(Trainer.Plan(recipe)));
        Assert.Equal(Words(again.Start!.Plan), Words(Trainer.Plan(trained)));
        Assert.Equal(1, Trainer.Plan(trained).EvaluationRows);

        static string Words(TrainingPlan plan) => JsonSerializer.Serialize(plan);
    }

    private static TrainingResult Run(Recipe recipe, Recorder recorder, bool resume = false)
    {
        using var scope = TensorScope.Open();
        return Trainer.Run(recipe, resume, recorder, recorder.Cancel);
    }

    private static Recipe Recipe(string method, TemporaryFolder folder, params string[] overrides) =>
        Tiny.Of(method, folder, overrides);

    private static byte[] Weights(TrainingResult result) =>
        File.ReadAllBytes(Path.Combine(result.Folder, "model.safetensors"));

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
