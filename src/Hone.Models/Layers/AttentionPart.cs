using Hone.Models.Configuration;
using Hone.Torch;

namespace Hone.Models.Layers;

/// <summary>Grouped-query attention, arXiv:2305.13245, with rotary positions.</summary>
internal sealed class AttentionPart(int layer, DecoderConfig config, IAttentionInputs inputs, Linear output)
{
    private readonly AttentionConfig _heads = config.Attention;
    private readonly RotaryUse _rotary = config.Layers[layer].Rotary;
    private readonly AttentionTerms _terms = new(
        config.Attention.Scale / (config.Attention.ScaleByLayer ? layer + 1 : 1), config.Layers[layer].Window,
        config.Attention.SoftCap);

    public IAttentionInputs Inputs => inputs;

    public Linear Output => output;

    /// <summary>Attends for normalised activations <c>[token, hidden]</c>.</summary>
    public Tensor Apply(Tensor x, LayerInputs pass)
    {
        var (query, key, value) = inputs.Apply(x, pass.For(_rotary));
        var attended = pass.Attention.Attend(layer, query, key, value, _terms); // [token, head, dim]
        attended = _heads.ValueSize == _heads.HeadSize ? attended : attended.Narrow(2, 0, _heads.ValueSize);
        return output.Apply(attended.Reshape(x.Size(0), _heads.HeadCount * _heads.ValueSize));
    }
}
