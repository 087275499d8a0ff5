using Hone.Algorithms.Optimizers;

namespace Hone.Algorithms.Tests.Optimizers;

public sealed class LoraPlusTests
{
    private const string Layer = "base_model.model.model.layers.0.";

    private static readonly LoraPlus Rates = new() { Ratio = 16, EmbeddingRate = 1e-6 };

    [Theory]
    [InlineData("self_attn.q_proj.lora_A.weight", 2, 1e-3)]
    [InlineData("self_attn.q_proj.lora_B.weight", 2, 16e-3)]
    [InlineData("self_attn.q_proj.lora_magnitude_vector", 1, 16e-3)]
    [InlineData("embed_tokens.lora_embedding_B", 2, 1e-6)]
    [InlineData("mlp.down_proj.weight", 2, 1e-3)]
    public void B_and_vectors_are_fast_and_embeddings_have_a_rate_of_their_own(
        string name, int dimensions, double rate) =>
        Assert.Equal(rate, Rates.RateOf(Layer + name, dimensions, 1e-3), AbsoluteTolerance.Of(1e-15));

    [Theory]
    [InlineData("self_attn.q_proj.lora_A.weight", 2, false, true)]
    [InlineData("self_attn.q_proj.lora_B.weight", 2, false, true)]
    [InlineData("self_attn.q_proj.base_layer.bias", 1, false, false)]
    [InlineData("self_attn.q_proj.lora_B.bias", 1, false, false)]
    [InlineData("input_layernorm.weight", 1, false, true)]
    [InlineData("ln_1.weight", 1, true, false)]
    public void Biases_and_the_scales_of_LayerNorm_do_not_decay(
        string name, int dimensions, bool isLayerNorm, bool decays) =>
        Assert.Equal(decays, LoraPlus.Decays(Layer + name, dimensions, isLayerNorm));
}
