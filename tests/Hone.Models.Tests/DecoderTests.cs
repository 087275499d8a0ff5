using Hone.Torch;

namespace Hone.Models.Tests;

public sealed class DecoderTests
{
    [Fact]
    public void Fresh_weights_are_normal_norms_are_one_and_the_seed_decides_them()
    {
        using var scope = TensorScope.Open();
        using var model = Decoder.Create(TinyModel.Config() with { VocabularySize = 4000 }, seed: 11);
        using var same = Decoder.Create(TinyModel.Config() with { VocabularySize = 4000 }, seed: 11);
        using var other = Decoder.Create(TinyModel.Config() with { VocabularySize = 4000 }, seed: 12);

        var embedding = model.Parameters["model.embed_tokens.weight"];
        Assert.All(model.Parameters["model.norm.weight"].ToArray<float>(), value => Assert.Equal(1, value));
        Assert.Equal(embedding.ToArray<float>(), same.Parameters["model.embed_tokens.weight"].ToArray<float>());
        Assert.NotEqual(embedding.ToArray<float>(), other.Parameters["model.embed_tokens.weight"].ToArray<float>());

        // 64,000 draws: the mean is within 0.02/√64000 = 8e-5 of 0 and the deviation within 0.02/√128000 = 6e-5 of
        // 0.02, four times over.
        Assert.Equal(0, embedding.Mean().Item(), 3.2e-4);
        Assert.Equal(0.02, Math.Sqrt((embedding * embedding).Mean().Item()), 2.4e-4);
        Assert.NotEqual(
            model.Parameters["model.layers.0.self_attn.q_proj.weight"].ToArray<float>(),
            model.Parameters["model.layers.1.self_attn.q_proj.weight"].ToArray<float>());
    }

    [Fact]
    public void Parameters_come_in_the_order_of_the_layers()
    {
        using var model = Decoder.Create(TinyModel.Config() with { TiedHead = false }, seed: 1);

        Assert.Equal("model.embed_tokens.weight", model.Parameters.Keys.First());
        Assert.Equal(["model.norm.weight", "lm_head.weight"], model.Parameters.Keys.TakeLast(2));
        Assert.Equal(
            [
                "input_layernorm.weight", "self_attn.q_proj.weight", "self_attn.k_proj.weight",
                "self_attn.v_proj.weight", "self_attn.o_proj.weight",
                "post_attention_layernorm.weight", "mlp.gate_proj.weight", "mlp.up_proj.weight", "mlp.down_proj.weight",
            ],
            model.Parameters.Keys.Where(name => name.StartsWith("model.layers.1.", StringComparison.Ordinal)).Select(
                name => name["model.layers.1.".Length..]));
    }

    [Fact]
    public void Packed_sequences_give_the_activations_of_each_alone()
    {
        using var scope = TensorScope.Open();
        using var noGrad = Autograd.NoGrad();
        using var model = Decoder.Create(TinyModel.Config() with { InitialDeviation = 0.3 }, seed: 1);

        var packed = model.Hidden(TokenBatch.Of([1, 2, 3, 4, 5], [6, 7, 8]));

        Assert.Equal(model.Hidden(TokenBatch.Of([1, 2, 3, 4, 5])).ToArray<float>(),
            packed.Narrow(0, 0, 5).ToArray<float>(), Close);
        Assert.Equal(
            model.Hidden(TokenBatch.Of([6, 7, 8])).ToArray<float>(), packed.Narrow(0, 5, 3).ToArray<float>(), Close);
    }

    [Fact]
    public void One_product_of_joined_projections_gives_what_each_gives_alone()
    {
        using var scope = TensorScope.Open();
        using var model = Decoder.Create(TinyModel.Config() with { InitialDeviation = 0.3 }, seed: 1);
        var batch = TokenBatch.Of([1, 2, 3, 4, 5]);

        var separate = model.Hidden(batch).ToArray<float>();
        using var noGrad = Autograd.NoGrad();
        var joined = model.Hidden(batch).ToArray<float>();

        Assert.Equal(separate, joined, Close);
    }

    [Fact]
    public void Joined_projections_follow_a_change_of_one_of_them()
    {
        using var scope = TensorScope.Open();
        using var noGrad = Autograd.NoGrad();
        using var model = Decoder.Create(TinyModel.Config() with { InitialDeviation = 0.3 }, seed: 1);
        var batch = TokenBatch.Of([1, 2, 3, 4, 5]);
        var before = model.Hidden(batch).ToArray<float>();

        model.Parameters["model.layers.0.self_attn.v_proj.weight"].Fill(0);

        Assert.NotEqual(before, model.Hidden(batch).ToArray<float>());
    }

    [Fact]
    public void Bfloat16_copies_are_renewed_once_weights_are_said_to_have_changed()
    {
        using var scope = TensorScope.Open();
        using var noGrad = Autograd.NoGrad();
        using var model =
            Decoder.Create(TinyModel.Config() with { InitialDeviation = 0.3 }, seed: 1, compute: DType.BFloat16);
        var batch = TokenBatch.Of([1, 2, 3, 4, 5]);
        var before = model.Hidden(batch).To(DType.Float32).ToArray<float>();

        model.Parameters["model.layers.0.mlp.down_proj.weight"].Fill(0.5);
        model.WeightsChanged();

        Assert.NotEqual(before, model.Hidden(batch).To(DType.Float32).ToArray<float>());
        Assert.Equal(1, model.WeightVersion);
    }

    [Fact]
    public void Gradients_of_bfloat16_products_come_as_they_are_and_add_up_in_the_stored_type()
    {
        using var scope = TensorScope.Open();
        using var model =
            Decoder.Create(TinyModel.Config() with { InitialDeviation = 0.3 }, seed: 1, compute: DType.BFloat16);
        model.SetTrainable(true);
        void Add()
        {
            var hidden = model.Hidden(TokenBatch.Of([1, 2, 3]));
            (-model.Head.LogProbs(hidden, Tensor.Of(2L, 3L, 4L)).LogProbs.Mean()).Backward();
        }

        var down = model.Parameters["model.layers.0.mlp.down_proj.weight"];
        Add();
        Assert.Equal(DType.BFloat16, down.Grad!.DType);
        var once = down.Grad.ToArray<float>();
        Add();

        Assert.All(model.Parameters.Values, weight => Assert.Equal(DType.Float32, weight.Grad!.DType));
        Assert.Equal(once.Select(value => 2 * value), down.Grad!.ToArray<float>());
    }

    [Fact]
    public void Log_probs_are_those_of_the_logits()
    {
        using var scope = TensorScope.Open();
        using var noGrad = Autograd.NoGrad();
        using var model = Decoder.Create(TinyModel.Config() with { InitialDeviation = 0.3 }, seed: 1);
        var hidden = model.Hidden(TokenBatch.Of([1, 2, 3]));
        var targets = Tensor.Of(2L, 3L, 4L);

        var expected = (model.Head.Logits(hidden) / 0.7).LogSoftmax(-1).Gather(1, targets.Unsqueeze(1)).Squeeze(1);

        Assert.Equal(expected.ToArray<float>(),
            model.Head.LogProbs(hidden, targets, temperature: 0.7).LogProbs.ToArray<float>(), Close);
    }

    [Fact]
    public void A_training_step_leaves_no_tensor_behind_but_gradients()
    {
        using var model = Decoder.Create(TinyModel.Config(), seed: 1);
        model.SetTrainable(true);
        Step(model);
        var before = TorchRuntime.LiveTensors;

        Step(model);

        Assert.Equal(before, TorchRuntime.LiveTensors);
    }

    [Fact]
    public void Weights_that_are_not_numbers_are_found_and_refused()
    {
        using var model = Decoder.Create(TinyModel.Config(), seed: 1);
        WeightScan.Require(model, "tiny");
        using (Autograd.NoGrad())
        {
            model.Parameters["model.layers.1.mlp.down_proj.weight"].AsSpan<float>()[7] = float.NaN;
            model.Parameters["model.norm.weight"].AsSpan<float>()[0] = float.PositiveInfinity;
        }

        Assert.Equal(["model.layers.1.mlp.down_proj.weight", "model.norm.weight"], WeightScan.NotFinite(model));
        Assert.Equal(
            "tiny: weights must be finite numbers, \"model.layers.1.mlp.down_proj.weight\" and 1 more hold NaN or "
            + "infinity; the checkpoint is damaged or its training diverged",
            Assert.Throws<CheckpointException>(() => WeightScan.Require(model, "tiny")).Message);
    }

    [Fact]
    public void Loss_and_gradients_of_a_real_model_are_those_recorded()
    {
        using var scope = TensorScope.Open();
        var folder = Fixtures.Real("models", "stories260k");
        var golden = Fixtures.Json(Path.Combine(folder, "train_golden.json"));
        var expected = golden.GetProperty("results").GetProperty("float64").GetProperty("sft");
        var ids = Fixtures.Ints(golden.GetProperty("sft_token_ids"));
        using var model = ModelFolder.Load(folder);
        model.Decoder.SetTrainable(true);

        long[] targets = [.. ids.Skip(1).Select(id => (long)id)];
        var hidden = model.Decoder.Hidden(TokenBatch.Of(ids[..^1]));
        var loss = -model.Decoder.Head.LogProbs(hidden, Tensor.From<long>(targets, targets.Length)).LogProbs.Mean();
        loss.Backward();

        Assert.Equal(expected.GetProperty("loss").GetDouble(), loss.Item(), 1e-5);
        foreach (var gradient in expected.GetProperty("grads").EnumerateObject())
        {
            var norm = Math.Sqrt(Fused.SumOfSquares([model.Decoder.Parameters[gradient.Name].Grad!]).Item());
            var target = gradient.Value.GetProperty("l2").GetDouble();
            Assert.Equal(target, norm, 1e-4 * target);
        }
    }

    private static void Step(Decoder model)
    {
        using var scope = TensorScope.Open();
        var hidden = model.Hidden(TokenBatch.Of([1, 2, 3]));
        (-model.Head.LogProbs(hidden, Tensor.Of(2L, 3L, 4L)).LogProbs.Mean()).Backward();
    }

    private static bool Close(float a, float b) => Math.Abs(a - b) <= 1e-5f;
}
