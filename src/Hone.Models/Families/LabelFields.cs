using System.Text.Json.Nodes;
using Hone.Models.Configuration;

namespace Hone.Models.Families;

/// <summary>Heads that score labels, as <c>config.json</c> spells them for every family.</summary>
internal static class LabelFields
{
    private const string OfSequences = "ForSequenceClassification";
    private const string OfTokens = "ForTokenClassification";
    private static readonly string[] OfNextToken = ["ForCausalLM", "LMHeadModel"];

    /// <summary>Adds the labels that the file's architecture has, if any.</summary>
    public static DecoderConfig Read(ConfigFields fields, DecoderConfig config)
    {
        var architecture = fields.Texts("architectures") is [var first, ..] ? first : "";
        var eachToken = architecture.EndsWith(OfTokens, StringComparison.Ordinal);
        if (!eachToken && !architecture.EndsWith(OfSequences, StringComparison.Ordinal))
        {
            return config;
        }

        const int usualCount = 2;
        var count = fields.Object("id2label")?.Copy().Count ?? fields.Count("num_labels", usualCount);
        var pad = fields.Has("pad_token_id") ? fields.Integer("pad_token_id") : -1;
        return config with { Labels = new LabelConfig(count, eachToken, pad) };
    }

    /// <summary>Turns the fields of a model that predicts tokens into those of one that scores labels.</summary>
    public static void Write(DecoderConfig config, string architecture, JsonObject fields)
    {
        if (config.Labels is not { } labels)
        {
            return;
        }

        var family =
            OfNextToken.Aggregate(architecture, (name, ending) => name.Replace(ending, "", StringComparison.Ordinal));
        fields["architectures"] = new JsonArray(family + (labels.EachToken ? OfTokens : OfSequences));
        fields["id2label"] = new JsonObject(
            Enumerable.Range(0, labels.Count).Select(i => KeyValuePair.Create($"{i}", (JsonNode?)$"LABEL_{i}")));
        fields["label2id"] = new JsonObject(
            Enumerable.Range(0, labels.Count).Select(i => KeyValuePair.Create($"LABEL_{i}", (JsonNode?)i)));
        fields["pad_token_id"] = labels.PadId < 0 ? null : labels.PadId;
    }
}
