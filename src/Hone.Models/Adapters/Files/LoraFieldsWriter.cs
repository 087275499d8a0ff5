using System.Text.Json.Nodes;
using Hone.Models.Adapters.Kinds;
using Hone.Models.Layers;

namespace Hone.Models.Adapters.Files;

/// <summary>Writes the fields of low-rank adapters.</summary>
internal static class LoraFieldsWriter
{
    private static readonly string[] Idle =
    [
        "alora_invocation_tokens", "arrow_config", "corda_config", "eva_config", "kasa_config", "lora_ga_config",
        "megatron_config", "monteclora_config", "target_parameters", "use_bdlora", "velora_config",
    ];

    /// <summary>LoRA.</summary>
    public static JsonObject Compose(LoraConfig config, ModuleCatalog model) => PeftConfigWriter.With(
        Common(config.Targets, model),
        ("alpha_pattern", PeftConfigWriter.Patterns(config.AlphaPattern, PeftConfigWriter.Number)),
        ("bias", PeftConfigWriter.Bias(config.Bias, "lora_only")),
        ("ensure_weight_tying", config.EnsureWeightTying),
        ("init_lora_weights", config.Initial switch
        {
            LoraInitial.Zero => true,
            LoraInitial.Random => false,
            _ => config.Initial.ToString().ToLowerInvariant(),
        }),
        ("layer_replication", config.LayerReplication.Count == 0
            ? null
            : new JsonArray(
                [.. config.LayerReplication.Select(range => (JsonNode)new JsonArray(range.First, range.End))])),
        ("lora_alpha", PeftConfigWriter.Number(config.Alpha)),
        ("lora_bias", config.LoraBias),
        ("lora_dropout", PeftConfigWriter.Real(config.Dropout)),
        ("r", config.Rank),
        ("rank_pattern", PeftConfigWriter.Patterns(config.RankPattern, value => value)),
        ("trainable_token_indices", config.TrainableTokens.Count == 0
            ? null
            : new JsonArray([.. config.TrainableTokens.Select(token => (JsonNode)token)])),
        ("use_dora", config.UseDora),
        ("use_rslora", config.UseRsLora));

    /// <summary>AdaLoRA.</summary>
    public static JsonObject Compose(AdaLoraConfig config, ModuleCatalog model)
    {
        const int unused = 8;
        return PeftConfigWriter.With(
            Common(config.Targets, model),
            ("alpha_pattern", new JsonObject()),
            ("beta1", PeftConfigWriter.Real(config.Beta1)),
            ("beta2", PeftConfigWriter.Real(config.Beta2)),
            ("bias", "none"),
            ("deltaT", config.Interval),
            ("ensure_weight_tying", false),
            ("init_lora_weights", true),
            ("init_r", config.InitialRank),
            ("layer_replication", null),
            ("lora_alpha", PeftConfigWriter.Number(config.Alpha)),
            ("lora_bias", false),
            ("lora_dropout", PeftConfigWriter.Real(config.Dropout)),
            ("orth_reg_weight", PeftConfigWriter.Real(config.OrthogonalityWeight)),
            ("r", unused),
            ("rank_pattern", config.Kept.Count == 0 ? null : Kept(config)),
            ("target_r", config.TargetRank),
            ("tfinal", config.FinalSteps),
            ("tinit", config.WarmUpSteps),
            ("total_step", config.TotalSteps),
            ("trainable_token_indices", null),
            ("use_dora", false),
            ("use_rslora", false));
    }

    private static JsonObject Kept(AdaLoraConfig config) => new(config.Kept.Select(module => KeyValuePair.Create(
        $"{module.Module}.lora_E", (JsonNode?)new JsonArray([.. module.Ranks.Select(rank => (JsonNode)rank)]))));

    private static JsonObject Common(ModuleTargets targets, ModuleCatalog model)
    {
        const int unused = 16;
        var fields = PeftConfigWriter.With(
            PeftConfigWriter.Layers(targets, model),
            ("fan_in_fan_out", model.Names.InputMajor),
            ("loftq_config", new JsonObject()),
            ("megatron_core", "megatron.core"),
            ("qalora_group_size", unused),
            ("use_qalora", false));
        foreach (var name in Idle)
        {
            fields[name] = null;
        }

        return fields;
    }
}
