using Hone.Models.Configuration;
using Hone.Torch;

namespace Hone.Models.Layers;

/// <summary>Grouped-query attention, arXiv:2305.13245, with rotary positions.</summary>
internal sealed class AttentionPart(
    int layer, DecoderConfig config, IProjections inputs, INorm queryNorm, INorm keyNorm, Linear output)
{
    private readonly AttentionConfig _heads = config.Attention;
    private readonly LayerConfig _layer = config.Layers[layer];
    private readonly AttentionTerms _terms = new(
        config.Attention.Scale / (config.Attention.ScaleByLayer ? layer + 1 : 1), config.Layers[layer].Window, config.Attention.SoftCap);

    /// <summary>Attends for normalised activations <c>[token, hidden]</c>.</summary>
    public Tensor Apply(Tensor x, LayerInputs pass)
    {
        var tokens = x.Size(0);
        var projected = inputs.Apply(x);
        var query = queryNorm.Apply(projected[0].View(tokens, _heads.HeadCount, _heads.HeadSize));       // [token, head, dim]
        var key = keyNorm.Apply(projected[1].View(tokens, _heads.KeyValueHeadCount, _heads.HeadSize));   // [token, kv_head, dim]
        var value = projected[2].View(tokens, _heads.KeyValueHeadCount, _heads.HeadSize);                // [token, kv_head, dim]
        if (pass.For(_layer.Rotary) is { } rotation)
        {
            query = rotation.Turn(query);
            key = rotation.Turn(key);
        }

        var attended = pass.Attention.Attend(layer, query, key, value, _terms); // [token, head, dim]
        return output.Apply(attended.Reshape(tokens, _heads.HeadCount * _heads.HeadSize));
    }
}
