using Hone.Models;
using Hone.Training.Recipes;

namespace Hone.Training.Tests;

/// <summary>Adapters that a run refuses, before anything is written.</summary>
public sealed class AdapterRefusalTests
{
    [Theory]
    [InlineData("{kind: lore}", "adapter.kind: must be one of")]
    [InlineData("{kind: lora, rnak: 2}", "adapter.rnak: is not a key of adapter; did you mean rank?")]
    [InlineData("{kind: lora, rank: 0}", "adapter.rank: must be in [1, ∞), got 0")]
    [InlineData("{kind: lora, rank_pattern: {q_proj: x}}",
        "adapter.rank_pattern.q_proj: must be a whole number from 1, got x")]
    [InlineData("{kind: lora, target_pattern: '('}", "adapter.target_pattern: must be a regular expression")]
    [InlineData("{kind: prompt, virtual_tokens: 2, init: text}",
        "adapter.text: must be given with init: text, is missing")]
    [InlineData("{kind: adalora, target_rank: 12}", "adapter.target_rank: must be less than initial_rank (12), got 12")]
    [InlineData(
        "{kind: adalora, warm_up_updates: 3, final_updates: 2}",
        "adapter.warm_up_updates: must leave updates to prune in between the 2 final ones and the 5 of the run, got 3")]
    public void What_cannot_be_followed_is_refused_with_its_key(string adapter, string message)
    {
        using var folder = new TemporaryFolder();

        var fault = Assert.Throws<OptionsException>(() => Sft(folder, adapter));

        Assert.Contains($": {message}", fault.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_new_model_has_nothing_to_adapt()
    {
        using var folder = new TemporaryFolder();

        var fault = Assert.Throws<OptionsException>(() => Tiny.Sft(folder, "adapter={kind: lora}"));

        Assert.EndsWith(
            "adapter: must go with model.path; a new model has nothing to adapt", fault.Message,
            StringComparison.Ordinal);
    }

    [Fact]
    public void An_adapter_is_no_model_to_begin_with()
    {
        using var folder = new TemporaryFolder();
        using var recorder = new Recorder();
        var begun = recorder.Run(Sft(folder, "{kind: lora, rank: 2}"));

        var fault = Assert.Throws<OptionsException>(
            () => recorder.Run(Tiny.Sft(folder, $"output={folder["second"]}", $"model={{path: {begun.Folder}}}")));

        Assert.Equal(
            $"model.path: {begun.Folder}: must be a model, is an adapter; name its model here and "
            + $"\"adapter: {{kind: saved, path: {begun.Folder}}}\" to train it on, or merge the two first",
            fault.Message);
    }

    [Fact]
    public void Virtual_tokens_must_find_room()
    {
        using var folder = new TemporaryFolder();
        using var recorder = new Recorder();

        var fault = Assert.Throws<OptionsException>(
            () => recorder.Run(Sft(folder, "{kind: prompt, virtual_tokens: 33}")));

        Assert.Equal(
            "data.max_length: must leave room for the adapter's 33 virtual tokens in the model's context of 64, got 32",
            fault.Message);
        Assert.False(Directory.Exists(folder["run"]));
    }

    [Fact]
    public void A_module_that_the_model_lacks_is_told_before_anything_is_written()
    {
        using var folder = new TemporaryFolder();
        using var recorder = new Recorder();

        var fault = Assert.Throws<CheckpointException>(
            () => recorder.Run(Sft(folder, "{kind: lora, target_modules: [q_proj, c_attn]}")));

        Assert.StartsWith(
            "adapter LORA: target_modules must name modules of this model, \"c_attn\" fits none; it has ",
            fault.Message,
            StringComparison.Ordinal);
        Assert.False(Directory.Exists(folder["run"]));
    }

    private static Recipe Sft(TemporaryFolder folder, string adapter) =>
        Tiny.Sft(folder, Tiny.WithAdapter(folder, adapter, []));
}
