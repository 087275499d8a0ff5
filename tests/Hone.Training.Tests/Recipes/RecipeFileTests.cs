using Hone.Algorithms;
using Hone.Training.Recipes;

namespace Hone.Training.Tests.Recipes;

public sealed class RecipeFileTests
{
    [Fact]
    public void What_is_not_written_has_the_default_of_its_record()
    {
        var recipe = RecipeTexts.Read(RecipeTexts.Sft);

        Assert.Equal(new SftOptions(), recipe.Method);
        Assert.Equal(new OptimizerOptions(), recipe.Optimizer);
        Assert.Equal(new ConstantScheduleOptions(), recipe.Schedule);
        Assert.Equal((1L, 100, "runs/one"), (recipe.Seed, recipe.Steps, recipe.Output));
        Assert.Null(recipe.Data.Eval);
    }

    [Fact]
    public void Every_kind_of_value_is_read()
    {
        var recipe = RecipeTexts.Read(RecipeTexts.Grpo + """

              stop: [".", "\n\n"]
              kl_estimator: k1
              clip_high: 2.8e-1
            compute: bfloat16
            threads: 3
            schedule: {kind: cosine, warmup_steps: 2, min_ratio: 0.1}
            logging:
              tensorboard: false
            """.Replace("\n    ", "\n", StringComparison.Ordinal));

        var grpo = Assert.IsType<GrpoOptions>(recipe.Method);
        Assert.Equal([".", "\n\n"], grpo.Stop);
        Assert.Equal(KlEstimator.K1, grpo.KlEstimator);
        Assert.Equal(0.28, grpo.ClipHigh);
        Assert.Equal(ComputeChoice.Bfloat16, recipe.Compute);
        Assert.Equal(new ThreadCount(3), recipe.Threads);
        Assert.Equal(new CosineScheduleOptions { WarmupSteps = 2, MinRatio = 0.1 }, recipe.Schedule);
        Assert.False(recipe.Logging.Tensorboard);
        Assert.Equal([new ContainsWordRewardOptions { Weight = 2 }], grpo.Rewards);
    }

    [Fact]
    public void A_choice_may_be_its_name_alone() =>
        Assert.Equal(new LinearScheduleOptions(), RecipeTexts.Read(RecipeTexts.Sft + "\nschedule: linear").Schedule);

    [Fact]
    public void An_unknown_key_is_refused_with_the_nearest_and_the_list() =>
        Assert.Equal(
            ["run.yaml:11:3: optimizer.learning_rat: is not a key of optimizer; did you mean learning_rate? (keys: "
                + "name, learning_rate, beta1, beta2, epsilon, weight_decay, clip_norm)"],
            RecipeTexts.Problems(RecipeTexts.Sft + "\noptimizer:\n  learning_rat: 0.1"));

    [Fact]
    public void A_key_in_the_wrong_section_is_shown_its_place() =>
        Assert.Equal(
            ["run.yaml:10:1: group_size: is not a key of a recipe; did you mean grpo.group_size?"],
            RecipeTexts.Problems(RecipeTexts.Sft + "\ngroup_size: 4"));

    [Fact]
    public void All_problems_are_told_at_once_in_the_order_of_the_file()
    {
        Assert.Equal(
            [
                "run.yaml:1:1: output: must be given (text), is missing",
                "run.yaml:2:7: seed: must be a whole number in [0, ∞), got one",
                "run.yaml:3:8: steps: must be in [1, ∞), got 0",
                "run.yaml:4:10: compute: must be one of auto, float32, bfloat16, got float23; did you mean float32?",
                "run.yaml:5:8: model: must be a section of keys, got a list",
                "run.yaml:7:10: data.train: must be a section of keys, got rows.jsonl",
                "run.yaml:8:12: data.shuffle: must be true or false, got yes",
                "run.yaml:10:10: optimizer.beta1: must be in [0, 1), got 1.2",
            ],
            RecipeTexts.Problems("""
                method: sft
                seed: one
                steps: 0
                compute: float23
                model: [a]
                data:
                  train: rows.jsonl
                  shuffle: yes
                optimizer:
                  beta1: 1.2
                """));
    }

    [Fact]
    public void A_section_of_another_method_is_not_silently_ignored() =>
        Assert.Equal(
            ["run.yaml:10:1: grpo: is not read when method is sft; remove the section or choose method: grpo"],
            RecipeTexts.Problems(RecipeTexts.Sft + "\ngrpo: {group_size: 4}"));

    [Fact]
    public void An_option_of_another_schedule_is_not_silently_ignored() =>
        Assert.Equal(
            ["run.yaml:10:26: schedule.decay_steps: is not a key of schedule (keys: kind, warmup_steps)"],
            RecipeTexts.Problems(RecipeTexts.Sft + "\nschedule: {kind: linear, decay_steps: 4}"));

    [Fact]
    public void An_item_of_a_list_is_named_by_its_number() =>
        Assert.Equal(
            ["run.yaml:12:14: grpo.rewards.1.name: must be one of length, format, word_share, exact_answer, "
                + "contains_word, got formt; did you mean format?"],
            RecipeTexts.Problems(RecipeTexts.Grpo + "\n    - {name: formt}"));

    [Fact]
    public void Contradictions_are_told_at_the_key_that_is_at_fault() =>
        Assert.Equal(
            [
                "run.yaml:10:11: schedule: warm-up and decay must fit into the 100 steps, they take 110",
                "run.yaml:11:33: batch.tokens_per_micro_batch: must hold at least one row of data.max_length (512), "
                    + "got 100",
            ],
            RecipeTexts.Problems(RecipeTexts.Sft + "\n" + """
                schedule: {kind: wsd, warmup_steps: 60, decay_steps: 50}
                batch: {tokens_per_micro_batch: 100}
                """));

    [Theory]
    [InlineData("method: [sft", "run.yaml:2:1: must be YAML: ")]
    [InlineData("a: 1\n\tb: 2", "run.yaml:1:4: must be YAML: ")]
    [InlineData("a: *b", "run.yaml:1:4: must be YAML: aliases are not read, got *b; write the value out")]
    [InlineData("a: 1\n---\nb: 1", "run.yaml:2:1: must be YAML: one document is expected, another begins here")]
    [InlineData("a: 1\nb: \0\nc: 2", "run.yaml:2:4: must be YAML: a NUL character is none")]
    [InlineData("a: {\n=", "run.yaml:1:4: must be YAML: what follows cannot be read")]
    [InlineData("a: !!]", "run.yaml:1:2: must be YAML: what follows cannot be read")]
    [InlineData("seed: 1\nsteps 3\noutput: a",
        "run.yaml:2:1: must be YAML: a line must have a key and a colon, got steps 3")]
    [InlineData("data:\n  rows: 1\n  split\nseed: 1",
        "run.yaml:3:1: must be YAML: a line must have a key and a colon, got split")]
    [InlineData("description: one\n  two: three", "run.yaml:2:6: must be YAML: while scanning a plain scalar value, ")]
    public void What_is_not_YAML_is_refused_at_its_place(string yaml, string beginning) =>
        Assert.StartsWith(beginning, Assert.Single(RecipeTexts.Problems(yaml)), StringComparison.Ordinal);

    [Theory]
    [InlineData("seed: 1\n: 3", "run.yaml:2:3: must have a key, 3 stands by itself")]
    [InlineData("seed: 1\n\"\": [a]", "run.yaml:2:5: must have a key, a list stands by itself")]
    [InlineData("seed: 1\n[a]: 3", "run.yaml:2:1: a key must be a word, got a list")]
    public void A_value_without_a_word_for_a_key_is_refused_with_what_stands_there(string yaml, string message) =>
        Assert.Contains(message, RecipeTexts.Problems(yaml));

    [Fact]
    public void A_key_given_twice_is_refused() =>
        Assert.Contains(
            "run.yaml:10:1: seed: must be given once, was given before at run.yaml:2:1",
            RecipeTexts.Problems(RecipeTexts.Sft + "\nseed: 2"));

    [Fact]
    public void Deep_nesting_is_refused_and_not_followed() =>
        Assert.Equal(
            ["run.yaml:1:36: must be YAML: values may be nested 32 deep, this one is deeper"],
            RecipeTexts.Problems("a: " + new string('[', 100_000)));

    [Fact]
    public void An_empty_recipe_lacks_all_that_is_required() =>
        Assert.Equal(
            [
                "run.yaml:1:1: method: must be given (sft | grpo | dpo), is missing",
                "run.yaml:1:1: seed: must be given (a whole number in [0, ∞)), is missing",
                "run.yaml:1:1: steps: must be given (a whole number in [1, ∞)), is missing",
                "run.yaml:1:1: output: must be given (text), is missing",
                "run.yaml:1:1: model: must be given (a section), is missing",
                "run.yaml:1:1: data: must be given (a section), is missing",
            ],
            RecipeTexts.Problems(""));

    [Fact]
    public void Variables_are_expanded_in_paths_and_nowhere_else()
    {
        var recipe = RecipeTexts.Read(RecipeTexts.Sft, "output=${recipe}/run",
            "data.train.path=${HONE_FIXTURES}/x.jsonl", "description=${recipe}");

        Assert.Equal(
            ("/home/recipes/run", "/fixtures/x.jsonl", "${recipe}"),
            (recipe.Output, recipe.Data.Train.Path, recipe.Description));
    }

    [Fact]
    public void An_unknown_variable_is_refused() =>
        Assert.Equal(
            ["--set model.path=${HOME}/m: model.path: may use ${recipe} and ${HONE_FIXTURES}, got ${HOME}"],
            RecipeTexts.Problems(RecipeTexts.Sft, "model.path=${HOME}/m"));

    [Fact]
    public void A_missing_file_is_refused_in_words()
    {
        foreach (var path in (string[])["nowhere/run.yaml", "nowhere.yaml"])
        {
            Assert.Equal(
                $"{path}: must be a recipe, there is no such file; check the path",
                Assert.Throws<OptionsException>(() => RecipeFile.Load(path)).Message);
        }
    }

    [Fact]
    public void Whatever_is_written_is_followed_or_refused_in_words()
    {
        const string pieces = "{}[]:,-&*!|>'\"%@`#?\t\n \0~09.eé\uD800<=";
        var refused = 0;
        for (var seed = 0; seed < 3000; seed++)
        {
            var random = new Random(seed);
            var text = (seed % 2 == 0 ? RecipeTexts.Sft : RecipeTexts.Grpo).ToCharArray().ToList();
            for (var change = random.Next(1, 5); change > 0; change--)
            {
                var at = random.Next(text.Count);
                text.RemoveRange(at, Math.Min(random.Next(3), text.Count - at));
                text.Insert(at, pieces[random.Next(pieces.Length)]);
            }

            try
            {
                RecipeTexts.Read(string.Concat(text));
            }
            catch (OptionsException fault)
            {
                Assert.NotEmpty(fault.Problems);
                refused++;
            }
        }

        Assert.InRange(refused, 1500, 2999);
    }
}
