using System.Text.Json.Nodes;
using Hone.Models;
using Hone.Models.Adapters;
using Hone.Models.Adapters.Files;
using Hone.Models.Adapters.Kinds;
using Hone.Models.Checkpoints;
using Hone.Torch;
using Hone.Training.Recipes;

namespace Hone.Training.Tests;

public sealed class AdapterRunTests
{
    public static TheoryData<string> Kinds =>
    [
        "{kind: lora, rank: 2, dropout: 0.3, modules_to_save: [norm]}",
        "{kind: lora, rank: 2, use_dora: true, use_rslora: true, rank_pattern: {q_proj: 3}, target_modules: [q_proj, "
            + "v_proj]}",
        "{kind: lora, rank: 2, init: pissa, lora_plus_ratio: 4}",
        "{kind: lora, rank: 2, freeze_a: true, target_modules: [q_proj, embed_tokens]}",
        "{kind: lora, rank: 2, ensure_weight_tying: true, target_modules: [embed_tokens, q_proj]}",
        "{kind: adalora, initial_rank: 3, target_rank: 1, final_updates: 1, target_modules: [q_proj, k_proj, v_proj]}",
        "{kind: ia3, target_modules: [k_proj, down_proj], feedforward_modules: [down_proj]}",
        "{kind: vera, rank: 3, dropout: 0.2}",
        "{kind: loha, rank: 2}",
        "{kind: lokr, rank: 2, decompose_both: true}",
        "{kind: oft, block_size: 4, neumann_terms: 0}",
        "{kind: boft, block_size: 4}",
        "{kind: norms, target_modules: [input_layernorm]}",
        "{kind: curlora, rank: 3}",
        "{kind: prefix, virtual_tokens: 2, projection: true}",
        "{kind: prompt, virtual_tokens: 2, init: text, text: abc}",
        "{kind: p_tuning, virtual_tokens: 2, encoder: lstm}",
        "{kind: bottleneck, placement: houlsby, reduction: 4, dropout: 0.2}",
    ];

    [Theory]
    [MemberData(nameof(Kinds))]
    public void A_stopped_run_goes_on_byte_for_byte_with_checkpoints_of_the_adapter_alone(string adapter)
    {
        using var undisturbed = new TemporaryFolder();
        using var disturbed = new TemporaryFolder();
        using var whole = new Recorder();
        using var first = new Recorder { StopAfter = 3 };
        using var second = new Recorder();

        var expected = whole.Run(Sft(undisturbed, adapter));
        var stopped = first.Run(Sft(disturbed, adapter));
        var resumed = second.Run(Sft(disturbed, adapter), resume: true);

        Assert.Equal((3, 3, 5), (stopped.Step, second.Start!.Step, resumed.Step));
        Assert.Equal(Content(expected.Folder), Content(resumed.Folder));
        Assert.Equal(
            whole.Steps.Select(step => step.Metrics["loss"]),
            first.Steps.Concat(second.Steps).Select(step => step.Metrics["loss"]));
        Assert.DoesNotContain("model.safetensors", Directory.GetFiles(stopped.Folder).Select(Path.GetFileName));
        Assert.True(whole.Steps[^1].Metrics["loss"] < whole.Steps[0].Metrics["loss"] || adapter.Contains("curlora"));
    }

    [Fact]
    public void The_model_stays_as_it_is_and_the_end_is_a_folder_that_loads_with_it()
    {
        using var folder = new TemporaryFolder();
        using var recorder = new Recorder();
        var recipe = Sft(folder, "{kind: lora, rank: 2}");
        var before = Content(folder["base"]);

        var result = recorder.Run(recipe);

        Assert.Equal(before, Content(folder["base"]));
        Assert.Equal(
            ["adapter_config.json", "adapter_model.safetensors", "tokenizer.json", "tokenizer_config.json"],
            Directory.GetFiles(result.Folder).Select(Path.GetFileName).Order(StringComparer.Ordinal));
        var config = JsonNode.Parse(File.ReadAllText(Path.Combine(result.Folder, "adapter_config.json")))!;
        Assert.Equal(folder["base"], (string?)config["base_model_name_or_path"]);
        using var model = ModelFolder.Load(result.Folder);
        Assert.Equal(recorder.Start!.Plan.TrainedParameters, model.Decoder.Adapters.Active.Adapters[0].Adapter.Count);
    }

    [Fact]
    public void Only_what_the_adapter_trains_has_gradients_and_moments()
    {
        using var folder = new TemporaryFolder();
        using var recorder = new Recorder();

        recorder.Run(Sft(folder, "{kind: lora, rank: 2, target_modules: [q_proj]}"));

        // A 2·16 and B 16·2 in each of 2 layers.
        Assert.Equal(2 * (32 + 32), recorder.Start!.Plan.TrainedParameters);
        Assert.Equal(2 * (32 + 32) * 4, recorder.Start.Plan.Memory["gradients"]);
        Assert.Equal(2 * (32 + 32) * 2 * 4, recorder.Start.Plan.Memory["moments"]);
        using var file = SafetensorsFile.Open(folder["run/checkpoints/step-4/optimizer.safetensors"]);
        Assert.Equal(2 * 2 * 2, file.Header.Entries.Count);
        Assert.All(file.Header.Entries,
            entry => Assert.Contains(".self_attn.q_proj.lora_", entry.Name, StringComparison.Ordinal));
    }

    [Fact]
    public void The_frozen_model_is_kept_in_the_dtype_of_products_alone()
    {
        using var folder = new TemporaryFolder();
        var recipe = Sft(folder, "{kind: lora, rank: 2}");
        using var model = RecipeModel.Load(recipe, DType.BFloat16);

        Assert.All(model.Decoder.Parameters.Values, weight => Assert.Equal(
            weight.Shape.Length == 1 ? DType.Float32 : DType.BFloat16, weight.DType));
        Assert.All(model.Decoder.Parameters.Values, weight => Assert.False(weight.RequiresGrad));
    }

    [Theory]
    [InlineData("{kind: lora, rank: 2, dropout: 0.3}")]
    [InlineData("{kind: adalora, initial_rank: 3, target_rank: 1, final_updates: 1}")]
    [InlineData("{kind: prefix, virtual_tokens: 2}")]
    [InlineData("{kind: bottleneck, dropout: 0.3}")]
    public void How_an_update_is_divided_changes_nothing(string adapter)
    {
        using var folder = new TemporaryFolder();
        using var divided = new Recorder();
        using var together = new Recorder();

        divided.Run(Sft(folder, adapter, $"output={folder["divided"]}"));
        together.Run(Sft(folder, adapter, $"output={folder["together"]}", "batch.tokens_per_micro_batch=512"));

        foreach (var (one, other) in divided.Steps.Zip(together.Steps))
        {
            Assert.Equal(one.Metrics["loss"], other.Metrics["loss"], 1e-5);
            Assert.Equal(one.Metrics["grad_norm"], other.Metrics["grad_norm"], 1e-4 * one.Metrics["grad_norm"]);
        }
    }

    [Fact]
    public void The_reference_of_a_policy_is_the_model_without_its_adapter()
    {
        using var folder = new TemporaryFolder();
        using var with = new Recorder();
        using var without = new Recorder();

        const string adapter = "{kind: lora, rank: 2}";
        string[] once = ["grpo.inner_epochs=1", "optimizer.learning_rate=0.05"];
        with.Run(Grpo(folder, adapter, [$"output={folder["with"]}", .. once]));
        without.Run(Grpo(folder, adapter, [$"output={folder["without"]}", "grpo.kl_coefficient=0", .. once]));

        Assert.Equal(0, with.Steps[0].Metrics["kl"], 1e-9);
        Assert.True(with.Steps[^1].Metrics["kl"] > 1e-4);
        Assert.DoesNotContain("reference", with.Start!.Plan.Memory.Keys);
        Assert.Equal(without.LiveTensors[0], with.LiveTensors[0]);
    }

    [Fact]
    public void An_adapter_that_exists_is_trained_on_and_is_its_own_reference()
    {
        using var folder = new TemporaryFolder();
        using var first = new Recorder();
        using var second = new Recorder();
        using var prompts = new TemporaryFolder();
        var begun = first.Run(Sft(folder, "{kind: lora, rank: 2}", $"output={folder["first"]}"));

        var result =
            second.Run(Grpo(prompts, $"{{kind: saved, path: {begun.Folder}}}", "grpo.inner_epochs=1", "steps=1"));

        Assert.Equal(0, second.Steps[0].Metrics["kl"], 1e-6);
        Assert.Equal(2, ((LoraConfig)AdapterFolder.ReadConfig(result.Folder)).Rank);
        Assert.NotEqual(Content(begun.Folder), Content(result.Folder));
    }

    [Fact]
    public void Ranks_are_pruned_to_the_budget_and_those_left_are_stored()
    {
        using var folder = new TemporaryFolder();
        using var recorder = new Recorder();

        var result = recorder.Run(
            Sft(folder,
                "{kind: adalora, initial_rank: 4, target_rank: 1, final_updates: 1, "
                    + "target_modules: [q_proj, v_proj]}"));

        // 4 matrices of rank 4; updates 0 … 4, of which the last leaves the ranks of update 4 = 5 − 1.
        // Update t: int(12·(1 − t/4)³ + 4) = 16, 9, 5, 4, 4.
        Assert.Equal([16, 9, 5, 4, 4], recorder.Steps.Select(step => step.Metrics["ranks"]));
        Assert.Equal(4,
            ((AdaLoraConfig)AdapterFolder.ReadConfig(result.Folder)).Kept.Sum(one => one.Ranks.Count(stays => stays)));
        using var model = ModelFolder.Load(result.Folder);
        Assert.Equal(4, model.Decoder.Adapters.Active.Adapters[0].Adapter.Parameters
            .Where(one => one.Key.EndsWith("lora_E", StringComparison.Ordinal)).Sum(one => one.Value.Count));
    }

    [Fact]
    public void B_learns_faster_than_A_and_a_frozen_A_not_at_all()
    {
        using var folder = new TemporaryFolder();
        var slow = Moved(folder, "lora_plus_ratio: 1");
        var fast = Moved(folder, "lora_plus_ratio: 8");
        var frozen = Moved(folder, "freeze_a: true");

        // The first step of Adam moves every number by the rate.
        Assert.Equal((0.01, 0.01), (slow.A, slow.B));
        Assert.Equal((0.01, 0.08), (fast.A, fast.B));
        Assert.Equal((0.0, 0.01), (frozen.A, frozen.B));
    }

    private static (double A, double B) Moved(TemporaryFolder folder, string options)
    {
        using var recorder = new Recorder();
        using var scope = TensorScope.Open();
        var name = $"out{Directory.GetDirectories(folder.Path).Length}";
        var recipe = Sft(
            folder,
            $"{{kind: lora, rank: 2, init: random, target_modules: [q_proj], {options}}}",
            $"output={folder[name]}",
            "steps=1",
            "optimizer.weight_decay=0");
        using var model = ModelFolder.Load(folder["base"]);
        var before = Adapter.Create(
            model.Decoder, recipe.Adapter!.ToConfig(model.Decoder.Config, 1), (ulong)recipe.Seed);
        var result = recorder.Run(recipe);
        var after = Adapter.Load(model.Decoder, result.Folder);
        double Largest(string factor) => Math.Round(
            after.Parameters.Where(one => one.Key.Contains(factor, StringComparison.Ordinal))
                .Max(one => (one.Value - before.Parameters[one.Key]).Abs().Max().Item()),
            4);
        return (Largest("lora_A"), Largest("lora_B"));
    }

    private static Recipe Sft(TemporaryFolder folder, string adapter, params string[] overrides) =>
        Tiny.Sft(folder, Tiny.WithAdapter(folder, adapter, overrides));

    private static Recipe Grpo(TemporaryFolder folder, string adapter, params string[] overrides) =>
        Tiny.Grpo(folder, Tiny.WithAdapter(folder, adapter, overrides));

    private static Dictionary<string, string> Content(string folder) => Directory.GetFiles(folder)
        .Where(path => path.EndsWith(".safetensors", StringComparison.Ordinal))
        .ToDictionary(path => Path.GetFileName(path), path => Convert.ToHexString(File.ReadAllBytes(path)));
}
