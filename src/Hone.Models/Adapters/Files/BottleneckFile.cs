using System.Globalization;
using System.Text.Json.Nodes;
using Hone.Models.Adapters.Building;
using Hone.Models.Adapters.Kinds;
using Hone.Models.Configuration;
using Hone.Models.Families;
using Hone.Models.Layers;

namespace Hone.Models.Adapters.Files;

/// <summary>The <c>adapter_config.json</c> of the <c>adapters</c> library, for bottleneck adapters.</summary>
internal static class BottleneckFile
{
    private const string Version = "adapters.1.3.0";
    private const string InterfaceName = "adapter_interface.json";

    // Families that the library knows by itself; of others it reads where adapters go from a file of their own.
    private static readonly string[] Native = ["llama", "mistral", "gpt2"];

    /// <summary>Reads the fields of a file.</summary>
    /// <exception cref="CheckpointException">It describes an adapter that is not supported.</exception>
    public static BottleneckConfig Read(ConfigFields file)
    {
        var fields = new PeftFields(file.Object("config")!);
        fields.Ignore(
            "init_weights_seed", "inv_adapter_reduction_factor", "factorized_phm_W", "factorized_phm_rule",
            "hypercomplex_nonlinearity", "learn_phm", "phm_bias", "phm_c_init", "phm_dim", "phm_init_range", "phm_rank",
            "shared_W_phm", "shared_phm_rule", "original_ln_after");
        if (fields.Node("residual_before_ln") is JsonValue residual && !(
            residual.TryGetValue(out bool before) && before))
        {
            throw fields.Wrong("residual_before_ln", "true");
        }

        if (fields.Text("architecture") is not null)
        {
            throw fields.Wrong("architecture", "null, for a bottleneck adapter");
        }

        var config = new BottleneckConfig
        {
            Name = file.Text("name"),
            BaseModel = file.Has("model_name") ? file.Text("model_name") : null,
            AfterAttention = fields.Flag("mh_adapter", false),
            AfterFeedForward = fields.Flag("output_adapter", true),
            Activation = (fields.Text("non_linearity") ?? "relu").ToLowerInvariant(),
            TakesSum = fields.Flag("original_ln_before", false),
            IsParallel = fields.Flag("is_parallel", false),
            NormBefore = fields.Flag("ln_before", false),
            NormAfter = fields.Flag("ln_after", false),
            ResidualBeforeNorm = fields.Flag("adapter_residual_before_ln", false),
            Dropout = fields.Rate("dropout"),
            Initial = fields.Text("init_weights") switch
            {
                null or "bert" => BottleneckInitial.Bert,
                "mam_adapter" => BottleneckInitial.MamAdapter,
                "houlsby" => BottleneckInitial.Houlsby,
                _ => throw fields.Wrong("init_weights", "bert, mam_adapter or houlsby"),
            },
            LeftOut = fields.Integers("leave_out"),
        };
        config = WithScale(WithReduction(config, fields), fields);
        BottleneckAssembly.Function(config.Activation);
        fields.RefuseRest();
        return config;
    }

    /// <summary>Writes the configuration, and for families that the library does not know where their adapters
    /// go.</summary>
    public static void Write(string folder, BottleneckConfig config, ModuleCatalog model)
    {
        var family = ModelFamilies.Of(model.Config.ModelType, "model");
        if (!Native.Contains(family.ModelType))
        {
            AdapterFolder.WriteJson(Path.Combine(folder, InterfaceName), Interface(model));
        }

        AdapterFolder.WriteJson(Path.Combine(folder, AdapterFolder.ConfigName), new JsonObject
        {
            ["config"] = Fields(config),
            ["hidden_size"] = model.Config.HiddenSize,
            ["model_class"] = family.Architecture,
            ["model_name"] = config.BaseModel,
            ["model_type"] = family.ModelType,
            ["name"] = config.Name,
            ["version"] = Version,
        });
    }

    private static BottleneckConfig WithReduction(BottleneckConfig config, PeftFields fields)
    {
        const double usual = 16;
        if (fields.Node("reduction_factor") is not JsonObject layers)
        {
            return fields.Number("reduction_factor", usual) is > 0 and var all
                ? config with { Reduction = all }
                : throw Wrong();
        }

        double Of(JsonNode? node) =>
            node is JsonValue value && value.TryGetValue(out double found) && found > 0 ? found : throw Wrong();
        CheckpointException Wrong() =>
            fields.Wrong("reduction_factor", "a number above 0, or one for each layer by its number or \"default\"");

        return config with
        {
            Reduction = layers["default"] is { } rest ? Of(rest) : usual,
            ReductionByLayer =
            [
                .. layers.Where(layer => layer.Key != "default").Select(layer =>
                    int.TryParse(layer.Key, NumberStyles.None, CultureInfo.InvariantCulture, out var number)
                        ? new LayerReduction(number, Of(layer.Value))
                        : throw Wrong()),
            ],
        };
    }

    private static BottleneckConfig WithScale(BottleneckConfig config, PeftFields fields) =>
        fields.Node("scaling") switch
        {
            null => config,
            JsonValue value when value.TryGetValue(out double number) => config with { Scale = number },
            JsonValue value when value.TryGetValue(out string? name) && name == "learned" =>
                config with { ScaleKind = BottleneckScale.Learned },
            JsonValue value when value.TryGetValue(out string? name) && name == "channel" =>
                config with { ScaleKind = BottleneckScale.Channel },
            _ => throw fields.Wrong("scaling", "a number, learned or channel"),
        };

    private static JsonObject Fields(BottleneckConfig config) => new()
    {
        ["adapter_residual_before_ln"] = config.ResidualBeforeNorm,
        ["cross_adapter"] = false,
        ["dropout"] = PeftConfigWriter.Real(config.Dropout),
        ["factorized_phm_W"] = true,
        ["factorized_phm_rule"] = false,
        ["hypercomplex_nonlinearity"] = "glorot-uniform",
        ["init_weights"] = config.Initial switch
        {
            BottleneckInitial.Bert => "bert",
            BottleneckInitial.MamAdapter => "mam_adapter",
            _ => "houlsby",
        },
        ["init_weights_seed"] = null,
        ["inv_adapter"] = null,
        ["inv_adapter_reduction_factor"] = null,
        ["is_parallel"] = config.IsParallel,
        ["learn_phm"] = true,
        ["leave_out"] = new JsonArray([.. config.LeftOut.Select(layer => (JsonNode)layer)]),
        ["ln_after"] = config.NormAfter,
        ["ln_before"] = config.NormBefore,
        ["mh_adapter"] = config.AfterAttention,
        ["non_linearity"] = config.Activation,
        ["original_ln_after"] = true,
        ["original_ln_before"] = config.TakesSum,
        ["output_adapter"] = config.AfterFeedForward,
        ["phm_bias"] = true,
        ["phm_c_init"] = "normal",
        ["phm_dim"] = 4,
        ["phm_init_range"] = PeftConfigWriter.Real(1e-4),
        ["phm_layer"] = false,
        ["phm_rank"] = 1,
        ["reduction_factor"] = config.ReductionByLayer.Count == 0
            ? PeftConfigWriter.Number(config.Reduction)
            : new JsonObject(config.ReductionByLayer
                .Select(layer => KeyValuePair.Create(
                    layer.Layer.ToString(CultureInfo.InvariantCulture), PeftConfigWriter.Number(layer.Reduction)))
                .Append(KeyValuePair.Create("default", PeftConfigWriter.Number(config.Reduction)))),
        ["residual_before_ln"] = true,
        ["scaling"] = config.ScaleKind switch
        {
            BottleneckScale.Fixed => PeftConfigWriter.Real(config.Scale),
            BottleneckScale.Learned => "learned",
            _ => "channel",
        },
        ["shared_W_phm"] = false,
        ["shared_phm_rule"] = true,
        ["stochastic_depth"] = PeftConfigWriter.Real(0),
        ["use_gating"] = false,
    };

    private static JsonObject Interface(ModuleCatalog model)
    {
        var names = model.Names;
        var separate = names.AttentionInputs == ProjectionLayout.Separate;
        static string Last(string name) => name[(name.LastIndexOf('.') + 1)..];

        return new JsonObject
        {
            ["interface"] = new JsonObject
            {
                ["adapter_methods"] = PeftConfigWriter.List(["bottleneck", "lora", "reft", "invertible"]),
                ["attn_k_proj"] = separate ? Last(names.Key) : null,
                ["attn_o_proj"] = Last(names.Output),
                ["attn_q_proj"] = separate ? Last(names.Query) : null,
                ["attn_qkv_proj"] = separate ? null : Last(names.Query),
                ["attn_v_proj"] = separate ? Last(names.Value) : null,
                ["base_model"] = null,
                ["layer_cross_attn"] = null,
                ["layer_intermediate_proj"] = names.Up,
                ["layer_ln_1"] = null,
                ["layer_ln_2"] = null,
                ["layer_output_proj"] = names.Down,
                ["layer_pre_cross_attn"] = null,
                ["layer_pre_ffn"] = names.FeedForwardNorm,
                ["layer_pre_self_attn"] = names.AttentionNorm,
                ["layer_self_attn"] = names.Output[..names.Output.LastIndexOf('.')],
                ["model_embeddings"] = Last(names.Embedding),
                ["model_layers"] = Last(names.LayerPrefix.TrimEnd('.')),
            },
            ["model_type"] = model.Config.ModelType,
            ["version"] = Version,
        };
    }
}
