using Hone.Torch;
using Hone.Training.Recipes;
using Hone.Training.Tests.Ranks;

namespace Hone.Training.Tests;

/// <summary>Adapters on a model in 4 bits, by recipe.</summary>
public sealed class QloraRunTests
{
    private const string Lora = "{kind: lora, rank: 2, dropout: 0.3}";

    public static TheoryData<string, string> Kinds => new()
    {
        { "nf4", Lora },
        { "fp4", "{kind: lora, rank: 2, use_dora: true, target_modules: [q_proj, v_proj]}" },
        { "nf4", "{kind: lora, rank: 2, init: pissa}" },
        { "nf4", "{kind: lora, rank: 2, modules_to_save: [norm, o_proj]}" },
        { "nf4", "{kind: ia3, target_modules: [k_proj, down_proj], feedforward_modules: [down_proj]}" },
        { "nf4", "{kind: oft, block_size: 4}" },
        { "nf4", "{kind: prefix, virtual_tokens: 2}" },
        { "nf4", "{kind: bottleneck, reduction: 4}" },
    };

    [Theory]
    [MemberData(nameof(Kinds))]
    public void The_loss_falls_and_a_stopped_run_goes_on_byte_for_byte(string quantisation, string adapter)
    {
        using var undisturbed = new TemporaryFolder();
        using var disturbed = new TemporaryFolder();
        using var whole = new Recorder();
        using var first = new Recorder { StopAfter = 3 };
        using var second = new Recorder();

        var expected = whole.Run(Sft(undisturbed, quantisation, adapter));
        first.Run(Sft(disturbed, quantisation, adapter));
        var resumed = second.Run(Sft(disturbed, quantisation, adapter), resume: true);

        Assert.True(whole.Steps[^1].Metrics["loss"] < whole.Steps[0].Metrics["loss"]);
        Assert.Equal(3, second.Start!.Step);
        Assert.Equal(Content(expected.Folder), Content(resumed.Folder));
        Assert.Equal(
            whole.Steps.Select(step => step.Metrics["loss"]),
            first.Steps.Concat(second.Steps).Select(step => step.Metrics["loss"]));
    }

    [Fact]
    public void Linear_layers_are_kept_in_four_bits_and_the_plan_counts_them()
    {
        using var folder = new TemporaryFolder();
        using var recorder = new Recorder();
        var recipe = Sft(folder, "nf4", Lora);
        using var model = RecipeModel.Load(recipe, DType.Float32);

        recorder.Run(recipe);

        // Each of 2 layers: q and o 16·16, k and v 8·16, gate, up and down 24·16; a byte for two weights, one for each
        // scale of 64, and for each matrix a scale of scales and their mean.
        const long weights = 2 * ((2 * 256) + (2 * 128) + (3 * 384));
        const long bytes = (weights / 2) + (weights / 64) + (2 * 7 * 2 * 4);
        Assert.Equal(14, model.Decoder.CodedWeights.Count);
        Assert.All(
            model.Decoder.CodedWeights.Values,
            weight => Assert.Equal((true, CodeTable.Nf4), (weight.IsDouble, weight.Table)));
        var plain = model.Decoder.Parameters.Values.Sum(weight => weight.Count);
        Assert.Equal(weights + plain, recorder.Start!.Plan.Parameters);
        Assert.Equal((4 * plain) + bytes, recorder.Start.Plan.Memory["weights"]);
        Assert.Equal(384 * 4, recorder.Start.Plan.Memory["a matrix out of 4 bits"]);
    }

    [Fact]
    public void A_policy_on_four_bits_samples_and_its_reference_is_the_model_without_the_adapter()
    {
        using var folder = new TemporaryFolder();
        using var recorder = new Recorder();
        string[] overrides =
        [
            .. Quantised(folder, "nf4", "{kind: lora, rank: 2}"), "grpo.inner_epochs=1", "optimizer.learning_rate=0.05",
        ];

        recorder.Run(Tiny.Grpo(folder, overrides));

        Assert.Equal(0, recorder.Steps[0].Metrics["kl"], 1e-9);
        Assert.True(recorder.Steps[^1].Metrics["kl"] > 1e-4);
        Assert.All(recorder.Steps, step => Assert.Equal(0, step.Metrics["rollout_mismatch"], 1e-5));
    }

    [Theory]
    [InlineData("nf4")]
    [InlineData("fp4")]
    public void Two_ranks_train_as_one_does(string quantisation)
    {
        using var alone = new TemporaryFolder();
        using var together = new TemporaryFolder();
        var overrides = Quantised(alone, quantisation, Lora);

        var one = Losses(1, Tiny.Sft(alone, overrides));
        var two = Losses(2, Tiny.Sft(together, overrides));

        Assert.Equal(5, one.Count);
        foreach (var (expected, found) in one.Zip(two))
        {
            Assert.Equal(expected, found, 1e-6 * expected);
        }
    }

    [Theory]
    [InlineData(
        "model.quantisation: must go with an adapter, which is missing; weights in 4 bits stay as they are",
        "model.quantisation=nf4")]
    [InlineData(
        "model.double_quantisation: must go with quantisation, which is none", "model.double_quantisation=true")]
    [InlineData("model.quantisation: must be one of none, nf4, fp4", "model.quantisation=int4")]
    public void What_cannot_be_kept_in_four_bits_is_refused(string message, string change)
    {
        using var folder = new TemporaryFolder();

        var fault = Assert.Throws<OptionsException>(() => Tiny.Sft(folder, change));

        Assert.Contains(message, fault.Message, StringComparison.Ordinal);
    }

    private static string[] Quantised(TemporaryFolder folder, string quantisation, string adapter) =>
    [
        .. Tiny.WithAdapter(folder, adapter), $"model.quantisation={quantisation}", "model.double_quantisation=true",
    ];

    private static Recipe Sft(TemporaryFolder folder, string quantisation, string adapter) =>
        Tiny.Sft(folder, Quantised(folder, quantisation, adapter));

    private static List<double> Losses(int ranks, Recipe recipe) => RankThreads.Run(ranks, own =>
    {
        using var scope = TensorScope.Open();
        using var recorder = new Recorder();
        new Trainer(TimeProvider.System, own).Run(recipe, resume: false, recorder, recorder.Cancel);
        return recorder.Steps.ConvertAll(step => step.Metrics["loss"]);
    })[0];

    private static Dictionary<string, string> Content(string folder) => Directory.GetFiles(folder)
        .Where(path => path.EndsWith(".safetensors", StringComparison.Ordinal))
        .ToDictionary(path => Path.GetFileName(path), path => Convert.ToHexString(File.ReadAllBytes(path)));
}
