using Hone.Models.Configuration;
using Hone.Torch;

namespace Hone.Models.Layers;

/// <summary>Grouped-query attention, arXiv:2305.13245, with rotary positions.</summary>
internal sealed class AttentionPart(int layer, DecoderConfig config, JoinedLinear inputs, Linear output)
{
    private readonly AttentionConfig _heads = config.Attention;
    private readonly LayerConfig _layer = config.Layers[layer];

    /// <summary>Attends for normalised activations <c>[token, hidden]</c>.</summary>
    public Tensor Apply(Tensor x, LayerInputs pass)
    {
        var tokens = x.Size(0);
        var projected = inputs.Apply(x);
        var query = projected[0].View(tokens, _heads.HeadCount, _heads.HeadSize);         // [token, head, dim]
        var key = projected[1].View(tokens, _heads.KeyValueHeadCount, _heads.HeadSize);   // [token, kv_head, dim]
        var value = projected[2].View(tokens, _heads.KeyValueHeadCount, _heads.HeadSize); // [token, kv_head, dim]
        if (pass.Main is { } rotation && _layer.Rotary == RotaryUse.Main)
        {
            query = rotation.Turn(query);
            key = rotation.Turn(key);
        }

        var terms = new AttentionTerms(_heads.Scale, _layer.Window, _heads.SoftCap);
        var attended = pass.Attention.Attend(layer, query, key, value, terms); // [token, head, dim]
        return output.Apply(attended.Reshape(tokens, _heads.HeadCount * _heads.HeadSize));
    }
}
