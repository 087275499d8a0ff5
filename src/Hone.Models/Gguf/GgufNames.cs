using Hone.Models.Configuration;
using Hone.Models.Families;

namespace Hone.Models.Gguf;

/// <summary>Where each weight of a model is in a GGUF file.</summary>
/// <param name="config">The model.</param>
/// <param name="architecture">How GGUF spells its family.</param>
internal sealed class GgufNames(DecoderConfig config, GgufArchitecture architecture)
{
    private readonly DecoderNames _names = ModelFamilies.Of(config.ModelType, architecture.Name).Names(config);

    /// <summary>The places of all weights that the model may have; a file need not hold every one.</summary>
    public IEnumerable<GgufPlace> Places()
    {
        yield return new($"{_names.Embedding}.weight", "token_embd.weight");
        yield return new($"{_names.Head}.weight", "output.weight");
        yield return new($"{_names.Positions}.weight", "position_embd.weight");
        foreach (var place in Norm(_names.FinalNorm, "output_norm"))
        {
            yield return place;
        }

        foreach (var place in Enumerable.Range(0, config.Layers.Count).SelectMany(Layer))
        {
            yield return place;
        }
    }

    private IEnumerable<GgufPlace> Layer(int index)
    {
        var (from, to) = ($"{_names.LayerPrefix}{index}.", $"blk.{index}.");
        var (heads, fused) = (config.Attention, _names.AttentionInputs != ProjectionLayout.Separate);
        return
        [
            .. config.Norm.Place == NormPlace.After ? [] : Norm(from + _names.AttentionNorm, to + "attn_norm"),
            .. Norm(from + _names.QueryNorm, to + "attn_q_norm"),
            .. Norm(from + _names.KeyNorm, to + "attn_k_norm"),
            .. Matrix(from + _names.Query, to + (fused ? "attn_qkv" : "attn_q"), heads.HeadCount),
            .. fused ? [] : Matrix(from + _names.Key, to + "attn_k", heads.KeyValueHeadCount),
            .. fused ? [] : Matrix(from + _names.Value, to + "attn_v"),
            .. Matrix(from + _names.Output, to + "attn_output"),
            .. config.Norm.Place == NormPlace.Before
                ? [] : Norm(from + _names.AttentionOutNorm, to + "post_attention_norm"),
            .. config.Norm.Place == NormPlace.After ? [] : Norm(from + _names.FeedForwardNorm, to + "ffn_norm"),
            .. config.Norm.Place == NormPlace.Before
                ? [] : Norm(from + _names.FeedForwardOutNorm, to + "post_ffw_norm"),
            .. config.Layers[index].Experts ? Experts(from, to) : FeedForward(from, to),
        ];
    }

    private IEnumerable<GgufPlace> FeedForward(string from, string to) =>
    [
        .. config.FeedForward.Gated
            ? _names.FeedForwardInputs == ProjectionLayout.Separate
                ? [.. Matrix(from + _names.Gate, to + "ffn_gate"), .. Matrix(from + _names.Up, to + "ffn_up")]
                : Matrix(from + _names.Gate, to + "ffn_up")
            : Matrix(from + _names.Up, to + "ffn_up"),
        .. Matrix(from + _names.Down, to + "ffn_down"),
    ];

    private IEnumerable<GgufPlace> Experts(string from, string to)
    {
        (string Name, string Tensor)[] parts =
            [(_names.ExpertGate, "ffn_gate"), (_names.ExpertUp, "ffn_up"), (_names.ExpertDown, "ffn_down")];
        (string Name, string Tensor)[] shared =
            [("gate_proj", "ffn_gate"), ("up_proj", "ffn_up"), ("down_proj", "ffn_down")];
        yield return new($"{from}{_names.Router}.weight", $"{to}ffn_gate_inp.weight");
        foreach (var (name, tensor) in parts)
        {
            for (var expert = 0; expert < config.Experts!.Count; expert++)
            {
                yield return new(
                    $"{from}{_names.ExpertPrefix}{expert}.{name}.weight", $"{to}{tensor}_exps.weight", Slice: expert);
            }
        }

        foreach (var (name, tensor) in shared)
        {
            yield return new($"{from}{_names.SharedExpert}.{name}.weight", $"{to}{tensor}_shexp.weight");
        }

        yield return new($"{from}{_names.SharedExpertGate}.weight", $"{to}ffn_gate_inp_shexp.weight");
    }

    private IEnumerable<GgufPlace> Norm(string from, string to) =>
    [
        new($"{from}.weight", $"{to}.weight",
            config.Norm.Kind == NormKind.RmsPlusOne ? GgufLayout.PlusOne : GgufLayout.Same),
        new($"{from}.bias", $"{to}.bias"),
    ];

    private IEnumerable<GgufPlace> Matrix(string from, string to, int turningHeads = 0)
    {
        var turns = turningHeads > 0 && architecture.RotatesNeighbours;
        var layout = turns ? GgufLayout.NeighboursTurn : GgufLayout.Same;
        return
        [
            new($"{from}.weight", $"{to}.weight", _names.InputMajor ? GgufLayout.Transposed : layout, turningHeads),
            new($"{from}.bias", $"{to}.bias", layout, turningHeads),
        ];
    }
}
