using System.Text.Json.Nodes;
using Hone.Models.Configuration;

namespace Hone.Models.Families;

/// <summary>What families with LayerNorm and heads that turn in part spell alike.</summary>
internal static class LayerNormFields
{
    /// <summary>Gives the epsilon the name that it has where norms are LayerNorms.</summary>
    public static void Rename(JsonObject fields)
    {
        var epsilon = fields["rms_norm_eps"];
        fields.Remove("rms_norm_eps");
        fields["layer_norm_eps"] = epsilon;
    }

    /// <summary>The part of a head that turns, such that multiplied by the head's size it gives back the same number of
    /// dimensions.</summary>
    public static double PartThatTurns(DecoderConfig config)
    {
        var (dimensions, size) = (config.Rotary!.Dimensions, config.Attention.HeadSize);
        var part = (double)dimensions / size;
        return (int)(size * part) == dimensions ? part : Math.BitIncrement(part);
    }
}
