using Hone.Training.Recipes;

namespace Hone.Training.Tests.Recipes;

public sealed class RecipeTests
{
    private const string NewModel =
        "model={tokenizer: t.json, config: {hidden_size: 64, layers: 2, heads: 4, intermediate_size: 128, "
            + "max_position_embeddings: 512}}";

    [Theory]
    [InlineData("output=''", "output: must name a folder, got nothing")]
    [InlineData("evaluation.every=5", "evaluation: must go with data.eval, which is missing")]
    [InlineData(
        "schedule={kind: wsd, warmup_steps: 3, decay_steps: 6}",
        "schedule: warm-up and decay must fit into the 8 steps, they take 9")]
    [InlineData(
        "batch.tokens_per_micro_batch=511",
        "batch.tokens_per_micro_batch: must hold at least one row of data.max_length (512), got 511")]
    [InlineData(
        "grpo.max_new_tokens=512",
        "grpo.max_new_tokens: must leave room for a prompt in data.max_length (512), got 512")]
    [InlineData("grpo.min_new_tokens=257", "grpo.min_new_tokens: must be at most max_new_tokens (256), got 257")]
    [InlineData(
        "grpo.updates_per_epoch=3",
        "grpo.updates_per_epoch: must divide the answers of a step (16 rows_per_step × 8 group_size), got 3")]
    [InlineData(
        "grpo.speculation={kind: lookup, draft_tokens: 65}",
        "grpo.speculation.draft_tokens: must be in [1, 64], got 65")]
    [InlineData("grpo.speculation=draft", "grpo.speculation.path: must be given (text), is missing")]
    [InlineData("grpo.rewards=[]", "grpo.rewards: must name at least one reward, got none")]
    [InlineData("grpo.rewards.0.weight=0", "grpo.rewards: must have a weight that is not 0, all are 0")]
    [InlineData(
        "grpo.rewards=[{name: format, pattern: '('}]",
        "grpo.rewards.0.pattern: must be a regular expression: Invalid pattern '(' at offset 1. Not enough )'s.")]
    [InlineData(
        "grpo.rewards=[{name: exact_answer, pattern: '[a'}]",
        "grpo.rewards.0.pattern: must be a regular expression: Invalid pattern '[a' at offset 2. Unterminated [] set.")]
    [InlineData("model={}", "model.path: must be given (or config, for a new model), is missing")]
    [InlineData(
        "model.config={hidden_size: 64, layers: 2, heads: 4, intermediate_size: 128, max_position_embeddings: 512}",
        "model.config: must not be given beside path; a model is either loaded or new")]
    [InlineData(
        "model={config: {hidden_size: 64, layers: 2, heads: 4, intermediate_size: 128, max_position_embeddings: 512}}",
        "model.tokenizer: must be given for a new model, is missing")]
    public void Options_that_contradict_each_other_are_refused(string option, string problem) =>
        Assert.EndsWith(
            $": {problem}",
            Assert.Single(RecipeTexts.Problems(RecipeTexts.Grpo, option)),
            StringComparison.Ordinal);

    [Fact]
    public void Few_bits_are_for_the_evaluation_of_models_that_sample()
    {
        const string rows = "data.eval={path: eval.jsonl}";
        const string bits = "evaluation.weights=int8";

        Assert.Equal(WeightChoice.Int8, RecipeTexts.Read(RecipeTexts.Grpo, [rows, bits]).Evaluation.Weights);
        Assert.EndsWith(
            ": evaluation.weights: must go with a method that samples answers (grpo), got int8 with sft",
            Assert.Single(RecipeTexts.Problems(RecipeTexts.Sft, rows, bits)),
            StringComparison.Ordinal);
        Assert.Equal(
            WeightChoice.Int8, RecipeTexts.Read(RecipeTexts.Grpo, [rows, bits, "adapter=lora"]).Evaluation.Weights);
    }

    [Theory]
    [InlineData(
        "model.config.heads=3",
        "model.config.heads: must divide hidden_size (64) into parts of even size, got 3")]
    [InlineData(
        "model.config.heads=64",
        "model.config.heads: must divide hidden_size (64) into parts of even size, got 64")]
    [InlineData("model.config.kv_heads=3", "model.config.kv_heads: must divide heads (4), got 3")]
    [InlineData(
        "model.config.max_position_embeddings=511",
        "data.max_length: must be at most model.config.max_position_embeddings (511), got 512")]
    public void Sizes_that_contradict_each_other_are_refused(string option, string problem) =>
        Assert.EndsWith(
            $": {problem}",
            Assert.Single(RecipeTexts.Problems(RecipeTexts.Sft, NewModel, option)),
            StringComparison.Ordinal);

    [Fact]
    public void Label_smoothing_does_not_go_with_dynamic_fine_tuning() => Assert.Equal(
        ["--set sft.label_smoothing=0.1: sft.label_smoothing: must be 0 when loss is dft, got 0.1"],
        RecipeTexts.Problems(RecipeTexts.Sft, "sft.loss=dft", "sft.label_smoothing=0.1"));

    [Fact]
    public void Sizes_that_fit_are_accepted() =>
        Assert.Equal(2, RecipeTexts.Read(RecipeTexts.Sft, NewModel, "model.config.kv_heads=2").Model.Config!.KvHeads);
}
