using System.Text.Json;
using System.Text.Json.Nodes;
using Hone.Models.Adapters.Kinds;
using Hone.Models.Configuration;

namespace Hone.Models.Adapters.Files;

/// <summary>Reads the fields of low-rank adapters.</summary>
internal static class LoraFields
{
    /// <summary>LoRA.</summary>
    public static LoraConfig Read(PeftFields fields)
    {
        IgnoreIdle(fields);
        return new LoraConfig
        {
            Rank = fields.Count("r", 8),
            Alpha = fields.Number("lora_alpha", 8),
            Dropout = fields.Rate("lora_dropout"),
            Targets = fields.Targets(),
            RankPattern = fields.Patterns("rank_pattern", value => (int)value),
            AlphaPattern = fields.Patterns("alpha_pattern", value => value),
            UseRsLora = fields.Flag("use_rslora", false),
            UseDora = fields.Flag("use_dora", false),
            Bias = fields.Bias("lora_only"),
            LoraBias = fields.Flag("lora_bias", false),
            Initial = Initial(fields),
            TrainableTokens = Tokens(fields),
            EnsureWeightTying = fields.Flag("ensure_weight_tying", false),
            LayerReplication = Replication(fields),
        };
    }

    /// <summary>AdaLoRA, whose fields begin with LoRA's.</summary>
    public static AdaLoraConfig ReadAdaLora(PeftFields fields)
    {
        IgnoreIdle(fields);
        fields.Ignore("r", "init_lora_weights");
        if (fields.Bias("lora_only") != BiasTraining.None)
        {
            throw fields.Wrong("bias", "none for this kind");
        }

        return new AdaLoraConfig
        {
            InitialRank = fields.Count("init_r", 12),
            TargetRank = fields.Natural("target_r", 8),
            Alpha = fields.Number("lora_alpha", 8),
            Dropout = fields.Rate("lora_dropout"),
            Targets = fields.Targets(),
            WarmUpSteps = fields.Natural("tinit", 0),
            FinalSteps = fields.Natural("tfinal", 0),
            Interval = fields.Count("deltaT", 1),
            TotalSteps = fields.Count("total_step"),
            Beta1 = fields.Number("beta1", 0.85),
            Beta2 = fields.Number("beta2", 0.85),
            OrthogonalityWeight = fields.Number("orth_reg_weight", 0.5),
            Kept = Kept(fields),
        };
    }

    private static void IgnoreIdle(PeftFields fields) =>
        fields.Ignore("megatron_core", "qalora_group_size", "eva_config");

    private static LoraInitial Initial(PeftFields fields) => fields.Node("init_lora_weights") switch
    {
        null => LoraInitial.Zero,
        var node when node.GetValueKind() is JsonValueKind.True => LoraInitial.Zero,
        var node when node.GetValueKind() is JsonValueKind.False => LoraInitial.Random,
        var node when node.GetValueKind() is JsonValueKind.String => node.GetValue<string>().ToUpperInvariant() switch
        {
            "GAUSSIAN" => LoraInitial.Gaussian,
            "ORTHOGONAL" => LoraInitial.Orthogonal,
            "PISSA" => LoraInitial.Pissa,
            "OLORA" => LoraInitial.Olora,
            "MICA" => LoraInitial.Mica,
            "EVA" => LoraInitial.Zero, // its start is in A and leaves the base weights alone
            _ => throw Unknown(fields),
        },
        _ => throw Unknown(fields),
    };

    private static CheckpointException Unknown(PeftFields fields) => fields.Wrong(
        "init_lora_weights", "true, false, gaussian, orthogonal, pissa, olora, mica or eva (other starts change the "
        + "base weights: convert such an adapter to plain LoRA)");

    private static ValueList<int> Tokens(PeftFields fields) => fields.Node("trainable_token_indices") switch
    {
        null => [],
        JsonArray => fields.Integers("trainable_token_indices"),
        JsonObject modules when modules.Count == 1 && modules
            .First() is { Key: "embed_tokens", Value: JsonArray tokens } =>
            [.. tokens.Select(token => token is JsonValue value && value.TryGetValue(out int id)
                ? id
                : throw fields.Wrong("trainable_token_indices", "a list of tokens"))],
        _ => throw fields.Wrong("trainable_token_indices", "a list of tokens, or one for embed_tokens"),
    };

    private static ValueList<LayerRange> Replication(PeftFields fields) => fields.Node("layer_replication") switch
    {
        null => [],
        JsonArray ranges =>
        [
            .. ranges.Select(range => range is JsonArray { Count: 2 } pair
                && pair[0] is JsonValue first && first.TryGetValue(out int from) && pair[1] is JsonValue last && last
                    .TryGetValue(out int to) && from < to
                ? new LayerRange(from, to)
                : throw fields.Wrong("layer_replication", "a list of pairs of layers, the first before the second")),
        ],
        _ => throw fields.Wrong("layer_replication", "a list of pairs of layers"),
    };

    // Of each module's ranks, true for those that are kept; the module's name stands before .lora_E.
    private static ValueList<KeptRanks> Kept(PeftFields fields)
    {
        const string suffix = ".lora_E";
        CheckpointException Wrong() => fields.Wrong("rank_pattern", "an object of lists of true and false");

        return fields.Node("rank_pattern") switch
        {
            null => [],
            JsonObject modules =>
            [
                .. modules.Select(module => module.Value is JsonArray ranks && module.Key.EndsWith(
                    suffix, StringComparison.Ordinal)
                    ? new KeptRanks(
                        module.Key[..^suffix.Length],
                        [.. ranks.Select(rank => rank is JsonValue value && value.TryGetValue(out bool kept)
                            ? kept
                            : throw Wrong())])
                    : throw Wrong()),
            ],
            _ => throw Wrong(),
        };
    }
}
