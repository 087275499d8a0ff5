using Hone.Models.Adapters;
using Hone.Models.Adapters.Kinds;
using Hone.Models.Quantisation;
using Hone.Torch;

namespace Hone.Models.Tests.Adapters;

public sealed class MergedWeightsTests
{
    private static readonly int[] Text = [1, 2, 3, 4, 5, 3];

    [Theory]
    [MemberData(nameof(TinyAdapters.OfWeights), MemberType = typeof(TinyAdapters))]
    public void A_merged_model_gives_the_logits_of_the_adapted_one(string kind)
    {
        using var folder = new TemporaryFolder();
        using var model = ModelFolder.Of(TinyAdapters.Model(), new GenerationDefaults([], new()), null);
        TinyAdapters.Add(model.Decoder, kind);
        model.Decoder.Adapters.Activate(kind);

        model.SaveMerged(folder.Path, model.Decoder.Adapters.Active);
        using var merged = ModelFolder.Load(folder.Path);

        Assert.Equal(TinyAdapters.Logits(model.Decoder, Text), TinyAdapters.Logits(merged.Decoder, Text), Close);
    }

    [Theory]
    [InlineData("lora on the embedding", false)]
    [InlineData("lora on the head", false)]
    [InlineData("lora with tokens", true)]
    [InlineData("lora", true)]
    public void A_head_that_is_the_embedding_stays_so_where_both_change_alike(string kind, bool tied)
    {
        using var folder = new TemporaryFolder();
        using var model = ModelFolder.Of(TinyAdapters.Model(), new GenerationDefaults([], new()), null);
        TinyAdapters.Add(model.Decoder, kind);

        model.SaveMerged(folder.Path, model.Decoder.Adapters.Find(kind));
        using var merged = ModelFolder.Load(folder.Path);

        Assert.Equal(tied, merged.Decoder.Config.TiedHead);
        Assert.Equal(!tied, merged.Decoder.Parameters.ContainsKey("lm_head.weight"));
    }

    [Theory]
    [MemberData(nameof(TinyAdapters.OfWeights), MemberType = typeof(TinyAdapters))]
    public void Merged_in_place_and_back_the_weights_are_what_they_were_bit_for_bit(string kind)
    {
        using var model = TinyAdapters.Model(tied: false);
        TinyAdapters.Add(model, kind);
        var before = model.Parameters.ToDictionary(weight => weight.Key, weight => weight.Value.ToArray<float>());
        model.Adapters.Activate(kind);
        var adapted = TinyAdapters.Logits(model, Text);
        model.Adapters.Activate();

        using (AdapterMerge.Into(model, model.Adapters.Find(kind)))
        {
            Assert.Equal(adapted, TinyAdapters.Logits(model, Text), Close);
        }

        Assert.All(before, weight => Assert.Equal(weight.Value, model.Parameters[weight.Key].ToArray<float>()));
    }

    [Fact]
    public void Matrices_with_a_row_for_each_input_are_merged_as_they_lie()
    {
        using var folder = new TemporaryFolder();
        using var model = ModelFolder.Load(CheckpointCase.Open("gpt2").Folder);
        var adapter = Adapter.Create(
            model.Decoder,
            new LoraConfig { Rank = 2, Alpha = 4, UseDora = true, Targets = ModuleTargets.AllLinear },
            seed: 3);
        TinyAdapters.Move(adapter, 3);
        model.Decoder.Adapters.Add("lora", adapter);
        model.Decoder.Adapters.Activate("lora");

        adapter.Save(folder.At("adapter"));
        model.SaveMerged(folder.At("merged"), model.Decoder.Adapters.Active);
        using var merged = ModelFolder.Load(folder.At("merged"));

        Assert.Equal(TinyAdapters.Logits(model.Decoder, Text), TinyAdapters.Logits(merged.Decoder, Text), Close);
        Assert.Contains(
            "\"fan_in_fan_out\": true",
            File.ReadAllText(folder.At("adapter/adapter_config.json")),
            StringComparison.Ordinal);
        Assert.Contains(
            "transformer.h.0.attn.c_attn.lora_A.weight",
            string.Join(' ', adapter.Parameters.Keys),
            StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("prompt", "merge: an adapter must be a change of weights, this one puts virtual tokens before each "
        + "sequence; use it unmerged")]
    [InlineData("houlsby", "merge: an adapter must be a change of weights, this one adds layers (bottlenecks); "
        + "use it unmerged")]
    public void What_no_weight_can_hold_is_refused(string kind, string message)
    {
        using var model = TinyAdapters.Model();
        TinyAdapters.Add(model, kind);

        Assert.Equal(
            message,
            Assert.Throws<CheckpointException>(() => MergedWeights.Of(model, model.Adapters.Find(kind))).Message);
    }

    [Fact]
    public void A_bias_of_its_own_needs_a_bias_to_go_to()
    {
        using var model = TinyAdapters.Model();
        using var adapter = Adapter.Create(
            model, new LoraConfig { Rank = 2, LoraBias = true, Targets = ModuleTargets.Of("q_proj") }, seed: 1);

        Assert.Equal(
            "merge: the layer must have a bias where the adapter has one (lora_bias), "
            + "\"base_model.model.model.layers.0.self_attn.q_proj.lora_B.bias\" has none to go to; "
            + "use the adapter unmerged",
            Assert.Throws<CheckpointException>(
                () => MergedWeights.Of(model, new AdapterCombination(new WeightedAdapter(adapter)))).Message);
    }

    [Fact]
    public void One_matrix_cannot_be_merged_in_place_for_one_of_its_two_uses()
    {
        using var model = TinyAdapters.Model();
        TinyAdapters.Add(model, "lora on the head");

        Assert.Equal(
            "merge: places that share one matrix must change alike, \"lm_head.weight\" would differ from the others; "
            + "write a merged model, where each has a matrix of its own, or use the adapter unmerged",
            Assert.Throws<CheckpointException>(
                () => AdapterMerge.Into(model, model.Adapters.Find("lora on the head"))).Message);
    }

    [Fact]
    public void Weights_in_four_bits_are_not_merged_into()
    {
        using var folder = new TemporaryFolder();
        using (var model = ModelFolder.Of(TinyAdapters.Model(), new GenerationDefaults([], new()), null))
        {
            model.Save(folder.Path);
        }

        using var coded = ModelFolder.Load(folder.Path, [], fourBits: new FourBitOptions(CodeTable.Nf4, Doubled: true));
        TinyAdapters.Add(coded.Decoder, "lora");
        coded.Decoder.Adapters.Activate("lora");

        var fault = Assert.Throws<CheckpointException>(
            () => AdapterMerge.Into(coded.Decoder, coded.Decoder.Adapters.Active));

        Assert.Equal(
            "merge: weights must be numbers, \"model.layers.0.self_attn.q_proj.weight\" is kept in 4 bits and would "
            + "lose most of the change; load the model without quantisation, or use the adapter unmerged",
            fault.Message);
    }

    private static bool Close(float a, float b) => Math.Abs(a - b) <= 2e-4f * Math.Max(1, Math.Abs(a));
}
