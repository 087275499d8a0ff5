using Hone.Models.Adapters;
using Hone.Torch;

namespace Hone.Models.Tests.Adapters;

public sealed class AdapterTests
{
    private static readonly int[] Text = [1, 2, 3, 4, 5, 3];

    [Theory]
    [MemberData(nameof(TinyAdapters.Names), MemberType = typeof(TinyAdapters))]
    public void Switched_on_it_changes_the_model_and_off_the_model_is_the_base_bit_for_bit(string kind)
    {
        using var model = TinyAdapters.Model();
        var before = TinyAdapters.Logits(model, Text);

        TinyAdapters.Add(model, kind);
        model.Adapters.Activate(kind);
        var adapted = TinyAdapters.Logits(model, Text);
        model.Adapters.Activate(AdapterRack.Base);

        Assert.NotEqual(before, adapted);
        Assert.Equal(before, TinyAdapters.Logits(model, Text));
    }

    [Theory]
    [MemberData(nameof(TinyAdapters.BeginningAsBase), MemberType = typeof(TinyAdapters))]
    public void A_fresh_one_leaves_the_model_as_it_is(string kind)
    {
        using var model = TinyAdapters.Model();
        var before = TinyAdapters.Logits(model, Text);

        model.Adapters.Add(kind, Adapter.Create(model, TinyAdapters.All[kind], seed: 3));
        model.Adapters.Activate(kind);

        Assert.Equal(before, TinyAdapters.Logits(model, Text), Close);
    }

    [Theory]
    [MemberData(nameof(TinyAdapters.Names), MemberType = typeof(TinyAdapters))]
    public void What_is_written_and_read_gives_the_same_logits_and_the_same_files(string kind)
    {
        using var folder = new TemporaryFolder();
        using var model = TinyAdapters.Model();
        using var other = TinyAdapters.Model();
        TinyAdapters.Add(model, kind).Save(folder.At("first"));
        model.Adapters.Activate(kind);

        var read = Adapter.Load(other, folder.At("first"));
        other.Adapters.Add("read", read);
        other.Adapters.Activate("read");
        read.Save(folder.At("second"));

        Assert.Equal(TinyAdapters.Logits(model, Text), TinyAdapters.Logits(other, Text), Close);
        foreach (var file in Directory.GetFiles(folder.At("first")))
        {
            Assert.Equal(
                File.ReadAllBytes(file), File.ReadAllBytes(Path.Combine(folder.At("second"), Path.GetFileName(file))));
        }
    }

    [Theory]
    [MemberData(nameof(TinyAdapters.Names), MemberType = typeof(TinyAdapters))]
    public void Gradients_reach_all_of_it_and_nothing_of_the_base_model(string kind)
    {
        using var scope = TensorScope.Open();
        using var model = TinyAdapters.Model();
        var adapter = TinyAdapters.Add(model, kind);
        model.Adapters.Activate(kind);
        adapter.SetTrainable(true);

        var hidden = model.Hidden(TokenBatch.Of(Text));
        (-model.Head.LogProbs(hidden, Tensor.Of(2L, 3L, 4L, 5L, 3L, 1L)).LogProbs.Mean()).Backward();

        Assert.All(model.Parameters.Values, weight => Assert.Null(weight.Grad));
        Assert.All(adapter.Parameters, parameter => Assert.True(
            parameter.Value.Grad is not null, $"{parameter.Key} has no gradient"));
        Assert.Contains(adapter.Parameters.Values, parameter => parameter.Grad!.Abs().Max().Item() > 0);
    }

    [Theory]
    [MemberData(nameof(TinyAdapters.Names), MemberType = typeof(TinyAdapters))]
    public void Gradients_are_those_of_differences(string kind)
    {
        using var scope = TensorScope.Open();
        using var model = TinyAdapters.Model();
        var adapter = TinyAdapters.Add(model, kind);
        model.Adapters.Activate(kind);
        adapter.SetTrainable(true);
        Loss(model).Backward();

        // The derivative along the gradient g is ‖g‖². DoRA counts its norm as a constant, so that a difference, which
        // moves it, is another number.
        var step = 3e-3 / Math.Sqrt(Square(adapter));
        var along = Square(adapter);
        var gradients = adapter.Parameters.Values.Select(parameter => parameter.Grad!).ToArray();
        var above = Moved(model, adapter, gradients, step);
        var below = Moved(model, adapter, gradients, -2 * step);

        Assert.Equal(along, (above - below) / (2 * step), kind == "dora" ? 0.2 * along : 0.01 * along);
    }

    [Fact]
    public void The_seed_decides_a_fresh_one()
    {
        using var model = TinyAdapters.Model();
        using var first = Adapter.Create(model, TinyAdapters.All["lora"], seed: 3);
        using var same = Adapter.Create(model, TinyAdapters.All["lora"], seed: 3);
        using var other = Adapter.Create(model, TinyAdapters.All["lora"], seed: 4);
        const string name = "base_model.model.model.layers.0.self_attn.q_proj.lora_A.weight";

        Assert.Equal(first.Parameters[name].ToArray<float>(), same.Parameters[name].ToArray<float>());
        Assert.NotEqual(first.Parameters[name].ToArray<float>(), other.Parameters[name].ToArray<float>());
    }

    [Theory]
    [MemberData(nameof(TinyAdapters.Names), MemberType = typeof(TinyAdapters))]
    public void It_leaves_no_tensor_behind(string kind)
    {
        using var model = TinyAdapters.Model();
        Use(model, kind);
        var before = TorchRuntime.LiveTensors;

        using (var adapter = Adapter.Create(model, TinyAdapters.All[kind], seed: 3))
        {
            using var use = model.Adapters.With(new AdapterCombination(new WeightedAdapter(adapter)));
            TinyAdapters.Logits(model, Text);
            TinyAdapters.Logits(model, Text);
        }

        Assert.Equal(before, TorchRuntime.LiveTensors);
    }

    [Fact]
    public void A_frozen_base_holds_its_weights_and_nothing_else()
    {
        // 10,000 weights in two dtypes would be 60,000 bytes; frozen in the compute dtype they are 20,000, but for the
        // few numbers of the norms.
        using var stored = TinyAdapters.Model(DType.BFloat16);
        using var folder = new TemporaryFolder();
        ModelFolder.Of(stored, new GenerationDefaults([], new()), null).Save(folder.Path, DType.BFloat16);
        using var model = ModelFolder.Load(folder.Path, DType.BFloat16, DType.BFloat16);
        var adapter = TinyAdapters.Add(model.Decoder, "lora");
        model.Decoder.Adapters.Activate("lora");
        TinyAdapters.Logits(model.Decoder, Text);
        var before = TorchRuntime.LiveTensors;

        TinyAdapters.Logits(model.Decoder, Text);

        Assert.Equal(before, TorchRuntime.LiveTensors);
        Assert.All(
            model.Decoder.Parameters.Values,
            weight => Assert.Equal(weight.Rank == 1 ? DType.Float32 : DType.BFloat16, weight.DType));
        Assert.All(adapter.Parameters.Values, parameter => Assert.Equal(DType.Float32, parameter.DType));
    }

    [Fact]
    public void Several_together_add_what_each_adds_times_its_weight()
    {
        using var model = TinyAdapters.Model();
        TinyAdapters.Add(model, "rslora", seed: 5);
        var second = Adapter.Create(model, TinyAdapters.All["rslora"], seed: 6);
        TinyAdapters.Move(second, 6);
        model.Adapters.Add("second", second);
        model.Adapters.Combine("both", ("rslora", 0.5), ("second", 2));

        model.Adapters.Activate(("rslora", 0.5), ("second", 2));
        var summed = Delta(model);
        var byName = model.Adapters.Find("both");

        model.Adapters.Activate(("rslora", 1));
        var first = Delta(model);
        model.Adapters.Activate(("second", 1));
        var other = Delta(model);

        Assert.Equal(first.Zip(other, (a, b) => (0.5f * a) + (2 * b)), summed, Close);
        Assert.Equal([0.5, 2.0], byName.Adapters.Select(one => one.Weight));
    }

    [Fact]
    public void Half_of_any_kind_of_weights_lies_between_the_base_and_all_of_it()
    {
        foreach (var kind in TinyAdapters.OfWeights.Select(row => row.Data))
        {
            using var scope = TensorScope.Open();
            using var model = TinyAdapters.Model();
            TinyAdapters.Add(model, kind);
            model.Adapters.Activate((kind, 0.5));

            var merged = MergedWeights.Of(model, model.Adapters.Active);
            var adapted = TinyAdapters.Logits(model, Text);
            using var whole = ModelOf(model, merged);

            Assert.Equal(TinyAdapters.Logits(whole, Text), adapted, Close);
        }
    }

    private static Decoder ModelOf(Decoder model, IReadOnlyDictionary<string, Tensor> merged)
    {
        using var noGrad = Autograd.NoGrad();
        var copy = TinyAdapters.Model(tied: false);
        foreach (var (name, weight) in copy.Parameters)
        {
            var stored = model.Parameters.ContainsKey(name) || merged.ContainsKey(name)
                ? name
                : "model.embed_tokens.weight";
            weight.CopyFrom(merged.GetValueOrDefault(stored) ?? model.Parameters[stored]);
        }

        return copy;
    }

    // The change of the first query's weight, read off the merged weights.
    private static float[] Delta(Decoder model)
    {
        using var scope = TensorScope.Open();
        const string name = "model.layers.0.self_attn.q_proj.weight";
        return (MergedWeights.Of(model, model.Adapters.Active)[name] - model.Parameters[name]).ToArray<float>();
    }

    private static void Use(Decoder model, string kind)
    {
        using var adapter = Adapter.Create(model, TinyAdapters.All[kind], seed: 3);
        using var use = model.Adapters.With(new AdapterCombination(new WeightedAdapter(adapter)));
        TinyAdapters.Logits(model, Text);
    }

    private static Tensor Loss(Decoder model) =>
        -model.Head.LogProbs(model.Hidden(TokenBatch.Of(Text)), Tensor.Of(2L, 3L, 4L, 5L, 3L, 1L)).LogProbs.Mean();

    private static double Square(Adapter adapter) =>
        Fused.SumOfSquares([.. adapter.Parameters.Values.Select(parameter => parameter.Grad!)]).Item();

    private static double Moved(Decoder model, Adapter adapter, Tensor[] gradients, double step)
    {
        using var scope = TensorScope.Open();
        using var noGrad = Autograd.NoGrad();
        foreach (var (parameter, gradient) in adapter.Parameters.Values.Zip(gradients))
        {
            parameter.AddInPlace(gradient, step);
        }

        model.WeightsChanged();
        return Loss(model).Item();
    }

    private static bool Close(float a, float b) => Math.Abs(a - b) <= 2e-4f * Math.Max(1, Math.Abs(a));
}
