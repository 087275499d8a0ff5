using System.Text.Json.Nodes;
using Hone.Models.Configuration;

namespace Hone.Models.Families;

/// <summary>How Gemma 2 and 3 spell the scale and the caps of scores and logits.</summary>
internal static class GemmaScores
{
    public static void Write(DecoderConfig config, JsonObject fields)
    {
        fields["query_pre_attn_scalar"] = Math.Round(1 / (config.Attention.Scale * config.Attention.Scale), 9);
        fields["attn_logit_softcapping"] = config.Attention.SoftCap == 0 ? null : config.Attention.SoftCap;
        fields["final_logit_softcapping"] = config.LogitSoftCap == 0 ? null : config.LogitSoftCap;
    }
}
