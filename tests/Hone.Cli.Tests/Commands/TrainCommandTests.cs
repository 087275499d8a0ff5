using System.Text.Json;
using Hone.Cli.Commands;
using Hone.Cli.Tests.Training;
using Hone.Training.Recipes;

namespace Hone.Cli.Tests.Commands;

public sealed class TrainCommandTests : IDisposable
{
    private readonly ScratchFolder _scratch = new();
    private readonly StringWriter _output = new() { NewLine = "\n" };
    private readonly StringWriter _errors = new() { NewLine = "\n" };
    private readonly Interruption _interruption = new(TimeProvider.System);

    [Fact]
    public void A_run_is_told_in_lines_and_ends_with_what_to_do_next()
    {
        var code = Train(new ScriptedTraining(), asJson: false);

        Assert.Equal(
            """
            sft: 2 steps of 2 sequences, 1,200 weights, float32 (the recipe says so), 2 threads
            step 1/2  loss 2  learning_rate 0.001  100 tokens/s  0:01 left
            step 2/2  loss 1  learning_rate 0.001  100 tokens/s  0:00 left
            time: training 75 %  waiting 25 %
            done: run/final; try: hone generate run/final --prompt "…"

            """,
            _output.ToString());
        Assert.Equal((ExitCode.Done, ""), (code, _errors.ToString()));
    }

    [Fact]
    public void An_interrupted_run_says_how_to_go_on()
    {
        var recipe = Recipe();

        var code = Train(
            new ScriptedTraining(afterFirst: () => _interruption.Ask()),
            asJson: false,
            "grpo.stop=[\"it's\"]",
            "seed=2");

        Assert.Equal(ExitCode.Interrupted, code);
        Assert.EndsWith(
            $"interrupted after step 1; go on with: hone train {recipe} --set 'grpo.stop=[\"it'\\''s\"]' --set seed=2 "
                + "--resume\n",
            _output.ToString(),
            StringComparison.Ordinal);
        Assert.Equal("stopping: a checkpoint follows; Ctrl-C again leaves at once\n", _errors.ToString());
    }

    [Fact]
    public void Standard_output_holds_nothing_but_json_when_that_is_asked_for()
    {
        var code = Train(new ScriptedTraining(afterFirst: () => _interruption.Ask()), asJson: true);

        var events = _output.ToString().Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(
            line => JsonSerializer.Deserialize<JsonElement>(line)).ToList();
        Assert.Equal(["started", "step", "finished"], events.Select(one => one.GetProperty("event").GetString()));
        Assert.True(events[^1].GetProperty("interrupted").GetBoolean());
        Assert.Equal((ExitCode.Interrupted, ""), (code, _errors.ToString()));
    }

    [Fact]
    public void On_a_terminal_the_last_picture_stays()
    {
        var code = Train(new ScriptedTraining(), asJson: false, isInteractive: true);

        Assert.Equal(ExitCode.Done, code);
        Assert.Contains("step 2/2", _output.ToString(), StringComparison.Ordinal);
        Assert.EndsWith(
            "done: run/final; try: hone generate run/final --prompt \"…\"\n",
            _output.ToString(),
            StringComparison.Ordinal);
    }

    [Fact]
    public void A_failure_on_a_terminal_is_the_trainers_own()
    {
        var training = new ScriptedTraining(
            afterFirst: () => throw new Hone.Training.TrainingException("step 1: the gradient must be finite"));

        Assert.Throws<Hone.Training.TrainingException>(() => Train(training, asJson: false, isInteractive: true));
    }

    [Fact]
    public void The_name_of_a_recipe_of_hones_own_is_no_file()
    {
        var error = Assert.Throws<OptionsException>(
            () =>
                new TrainCommand(Session(false), new ScriptedTraining(), new FixedTime()).Run(
                    "stories-sft", [], false, false));

        Assert.Equal(
            "stories-sft: must be a recipe file, there is none; `hone recipes cp stories-sft` takes a copy of hone's "
                + "own",
            error.Message);
    }

    [Fact]
    public void A_model_is_trained_resumed_and_used()
    {
        var recipe = RealRecipe();

        var whole = new HoneRun("train", recipe, "--set", $"output={_scratch.Path}/whole", "--json");
        var again = new HoneRun("train", recipe, "--set", $"output={_scratch.Path}/whole", "--json");
        var final = Path.Combine(_scratch.Path, "whole", "final");
        var sample = new HoneRun("generate", final, "--prompt", "ab", "--max-new-tokens", "3", "--json");

        Assert.Equal((ExitCode.Done, ""), (whole.Code, whole.Errors));
        Assert.Equal(
            ["started", "step", "step", "step", "finished"],
            EventsOf(whole).Where(name => name is not ("evaluation" or "checkpoint")));
        Assert.Equal((ExitCode.BadInput, ""), (again.Code, again.Output));
        Assert.Contains("must be empty or absent", again.Errors, StringComparison.Ordinal);
        Assert.Equal(ExitCode.Done, sample.Code);
    }

    [Fact]
    public void Weights_that_are_not_numbers_are_warned_of_by_plan_and_refused_by_train()
    {
        var recipe = RealRecipe();
        DamagedModel.PutNaN(Path.Combine(_scratch.Path, "model"));

        var plan = new HoneRun("plan", recipe, "--json");
        var train = new HoneRun("train", recipe, "--set", $"output={_scratch.Path}/run", "--json");

        Assert.Equal((ExitCode.Done, ""), (plan.Code, plan.Errors));
        Assert.Contains(
            "model: weights must be finite numbers, \\\"model.embed_tokens.weight\\\" holds NaN or infinity; a run "
                + "would refuse it", plan.Output, StringComparison.Ordinal);
        Assert.Equal((ExitCode.BadInput, ""), (train.Code, train.Output));
        Assert.StartsWith(
            $"{_scratch.Path}/model: weights must be finite numbers", train.Errors, StringComparison.Ordinal);
    }

    [Fact]
    public void All_problems_of_a_recipe_are_told_before_anything_is_done()
    {
        var path = _scratch.File("bad.yaml", "method: sft\nseed: x\nstps: 3\n");

        var run = new HoneRun("train", path);

        Assert.Equal((ExitCode.BadInput, ""), (run.Code, run.Output));
        Assert.Contains($"{path}:2:7: seed: must be a whole number", run.Errors, StringComparison.Ordinal);
        Assert.Contains("did you mean steps?", run.Errors, StringComparison.Ordinal);
        Assert.Contains("model: must be given", run.Errors, StringComparison.Ordinal);
    }

    public void Dispose()
    {
        _scratch.Dispose();
        _output.Dispose();
        _errors.Dispose();
        _interruption.Dispose();
    }

    private static IEnumerable<string?> EventsOf(HoneRun run) =>
        run.Output.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(
            line => JsonSerializer.Deserialize<JsonElement>(line).GetProperty("event").GetString());

    private ExitCode Train(ScriptedTraining training, bool asJson, params string[] overrides) =>
        Train(training, asJson, false, overrides);

    private ExitCode Train(ScriptedTraining training, bool asJson, bool isInteractive, params string[] overrides) =>
        new TrainCommand(Session(isInteractive), training, new FixedTime()).Run(
            Recipe(), overrides, resume: false, asJson);

    private Session Session(bool isInteractive) =>
        new(
            new Terminal(TextReader.Null, _output, _errors) { IsInteractive = isInteractive, Width = 80 },
            _interruption);

    private string Recipe() => _scratch.File("grpo.yaml", """
        method: grpo
        seed: 1
        steps: 2
        output: run
        model: {path: m}
        data: {train: {path: rows.jsonl}}
        grpo: {rewards: [{name: contains_word}]}
        """);

    private string RealRecipe()
    {
        TinyModel.Write(Path.Combine(_scratch.Path, "model"), stopTokens: 257);
        _scratch.File(
            "rows.jsonl",
            string.Concat(Enumerable.Range(0, 8).Select(row => $"{{\"text\":\"row {row} of eight\"}}\n")));
        return _scratch.File("sft.yaml", """
            method: sft
            seed: 1
            steps: 3
            output: run
            threads: 1
            model: {path: "${recipe}/model"}
            data: {train: {path: "${recipe}/rows.jsonl"}, max_length: 32}
            batch: {rows_per_step: 4, tokens_per_micro_batch: 64}
            """);
    }
}
