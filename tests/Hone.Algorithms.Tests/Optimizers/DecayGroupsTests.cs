using Hone.Algorithms.Optimizers;

namespace Hone.Algorithms.Tests.Optimizers;

public sealed class DecayGroupsTests
{
    [Theory]
    [InlineData("model.embed_tokens.weight", true)]
    [InlineData("model.layers.0.self_attn.q_proj.weight", true)]
    [InlineData("transformer.h.0.attn.c_attn.weight", true)]
    [InlineData("model.layers.0.self_attn.q_proj.bias", false)]
    [InlineData("model.layers.0.input_layernorm.weight", false)]
    [InlineData("model.layers.0.self_attn.q_norm.weight", false)]
    [InlineData("model.norm.weight", false)]
    [InlineData("bert.embeddings.LayerNorm.weight", false)]
    [InlineData("transformer.h.0.ln_1.weight", false)]
    [InlineData("transformer.ln_f.weight", false)]
    public void Biases_and_norms_do_not_decay(string name, bool decays) =>
        Assert.Equal(decays, DecayGroups.Decays(name));
}
