using System.Globalization;
using System.Text.Json.Nodes;
using Hone.Models.Adapters.Kinds;
using Hone.Models.Configuration;
using Hone.Models.Layers;

namespace Hone.Models.Adapters.Files;

/// <summary>Writes PEFT's <c>adapter_config.json</c>, every key that the library writes for the kind.</summary>
internal static class PeftConfigWriter
{
    /// <summary>The version of the library whose files these are.</summary>
    private const string Version = "0.21.2";

    /// <summary>The fields of a configuration.</summary>
    public static JsonObject Compose(AdapterConfig config, ModuleCatalog model)
    {
        var fields = config switch
        {
            LoraConfig lora => LoraFieldsWriter.Compose(lora.Stored, model),
            AdaLoraConfig adaLora => LoraFieldsWriter.Compose(adaLora, model),
            Ia3Config ia3 => new JsonObject
            {
                ["exclude_modules"] = Excluded(ia3.Targets),
                ["fan_in_fan_out"] = model.Names.InputMajor,
                ["feedforward_modules"] = Targets(ia3.FeedForward, model),
                ["init_ia3_weights"] = ia3.BeginAsBase,
                ["target_modules"] = Targets(ia3.Targets, model),
            },
            VeraConfig vera => Vera(vera, model),
            LohaConfig loha => Lycoris(
                loha.Targets, model, loha.Rank, loha.Alpha, loha.RankPattern, loha.AlphaPattern, loha.BeginAsBase),
            LokrConfig lokr => Lokr(lokr, model),
            OftConfig oft => Oft(oft, model),
            BoftConfig boft => Boft(boft, model),
            NormTuningConfig norms => new JsonObject
            {
                ["exclude_modules"] = Excluded(norms.Targets),
                ["target_modules"] = Targets(norms.Targets, model),
            },
            CurLoraConfig cur => With(Layers(cur.Targets, model), ("r", cur.Rank), ("alpha", Real(cur.Alpha))),
            PrefixConfig prefix => Prefix(prefix, model),
            PromptConfig prompt => Prompt(prompt, model),
            PTuningConfig encoded => PTuning(encoded, model),
            _ => throw new InvalidOperationException($"unknown kind {config.Kind}"),
        };
        return With(
            fields,
            ("auto_mapping", null),
            ("base_model_name_or_path", config.BaseModel),
            ("inference_mode", true),
            ("modules_to_save", config.ModulesToSave.Count == 0 ? null : List(config.ModulesToSave)),
            ("peft_type", config.Kind),
            ("peft_version", Version),
            ("revision", null),
            ("task_type", config.TaskType));
    }

    /// <summary>Adds fields.</summary>
    public static JsonObject With(JsonObject fields, params ReadOnlySpan<(string Name, JsonNode? Value)> more)
    {
        foreach (var (name, value) in more)
        {
            fields[name] = value;
        }

        return fields;
    }

    /// <summary>A number as Python writes it: an integer without, any other with a point.</summary>
    public static JsonNode? Number(double value) => value == Math.Floor(value) && Math.Abs(value) < 1e15
        ? JsonValue.Create((long)value)
        : Real(value);

    /// <summary>A number as Python writes a real one: always with a point or an exponent.</summary>
    public static JsonNode? Real(double value)
    {
        var text = value.ToString("R", CultureInfo.InvariantCulture).Replace("E", "e", StringComparison.Ordinal);
        return JsonNode.Parse(text.AsSpan().IndexOfAny('.', 'e') < 0 ? text + ".0" : text);
    }

    /// <summary>The modules that are meant: a list, or a pattern.</summary>
    public static JsonNode? Targets(ModuleTargets targets, ModuleCatalog model) => targets switch
    {
        { IsAllLinear: true } =>
            List(model.Linears.Select(linear => linear.Name[(linear.Name.LastIndexOf('.') + 1)..]).Distinct()),
        { Pattern: { } pattern } => pattern,
        _ => List(targets.Names),
    };

    /// <summary>The modules that are left out, or null.</summary>
    public static JsonNode? Excluded(ModuleTargets targets) =>
        targets.ExcludedPattern is { } pattern ? pattern : targets.ExcludedNames.Count == 0 ? null : List(
            targets.ExcludedNames);

    /// <summary>Fields of the modules and layers that are meant.</summary>
    public static JsonObject Layers(ModuleTargets targets, ModuleCatalog model) => new()
    {
        ["exclude_modules"] = Excluded(targets),
        ["layers_pattern"] = targets.LayerPatterns switch
        {
            [] => null,
            [var one] => one,
            var many => List(many),
        },
        ["layers_to_transform"] = targets.Layers is null ? null : new JsonArray(
            [.. targets.Layers.Select(layer => (JsonNode)layer)]),
        ["target_modules"] = Targets(targets, model),
    };

    /// <summary>Values by patterns.</summary>
    public static JsonObject Patterns<T>(ValueList<NamePattern<T>> patterns, Func<T, JsonNode?> convert) =>
        new(patterns.Select(pattern => KeyValuePair.Create(pattern.Pattern, convert(pattern.Value))));

    /// <summary>A list of texts.</summary>
    public static JsonArray List(IEnumerable<string> texts) => new([.. texts.Select(text => (JsonNode)text)]);

    /// <summary>Which biases are trained.</summary>
    public static string Bias(BiasTraining bias, string own) => bias switch
    {
        BiasTraining.None => "none",
        BiasTraining.All => "all",
        _ => own,
    };

    private static JsonObject Vera(VeraConfig config, ModuleCatalog model)
    {
        var fields = With(
            Layers(config.Targets, model),
            ("bias", Bias(config.Bias, "vera_only")),
            ("d_initial", Real(config.InitialD)),
            ("fan_in_fan_out", model.Names.InputMajor),
            ("init_weights", true),
            ("projection_prng_key", config.ProjectionKey),
            ("r", config.Rank),
            ("save_projection", config.SaveProjection),
            ("vera_dropout", Real(config.Dropout)));
        if (fields["exclude_modules"] is null)
        {
            fields.Remove("exclude_modules"); // the library has no such key for this kind
        }

        return fields;
    }

    private static JsonObject Lycoris(
        ModuleTargets targets,
        ModuleCatalog model,
        int rank,
        double alpha,
        ValueList<NamePattern<int>> ranks,
        ValueList<NamePattern<double>> alphas,
        bool beginAsBase) => With(
            Layers(targets, model),
            ("alpha", Number(alpha)),
            ("alpha_pattern", Patterns(alphas, Number)),
            ("init_weights", beginAsBase),
            ("module_dropout", Real(0)),
            ("r", rank),
            ("rank_dropout", Real(0)),
            ("rank_pattern", Patterns(ranks, value => value)),
            ("use_effective_conv2d", false));

    private static JsonObject Lokr(LokrConfig lokr, ModuleCatalog model) => With(
        Lycoris(lokr.Targets, model, lokr.Rank, lokr.Alpha, lokr.RankPattern, lokr.AlphaPattern, lokr.BeginAsBase),
        ("decompose_both", lokr.DecomposeBoth),
        ("decompose_factor", lokr.Factor),
        ("rank_dropout_scale", false));

    private static JsonObject Oft(OftConfig config, ModuleCatalog model)
    {
        const double unused = 6e-05;
        return With(
            Layers(config.Targets, model),
            ("bias", Bias(config.Bias, "oft_only")),
            ("block_share", config.ShareBlocks),
            ("coft", false),
            ("eps", Real(unused)),
            ("fan_in_fan_out", model.Names.InputMajor),
            ("init_weights", true),
            ("module_dropout", Real(0)),
            ("num_cayley_neumann_terms", config.NeumannTerms),
            ("oft_block_size", config.BlockSize),
            ("r", config.Rank),
            ("use_cayley_neumann", config.UseNeumann));
    }

    private static JsonObject Boft(BoftConfig config, ModuleCatalog model) => With(
        Layers(config.Targets, model),
        ("bias", Bias(config.Bias, "boft_only")),
        ("boft_block_num", config.BlockCount),
        ("boft_block_size", config.BlockSize),
        ("boft_dropout", Real(0)),
        ("boft_n_butterfly_factor", config.Factors),
        ("fan_in_fan_out", model.Names.InputMajor),
        ("init_weights", true));

    private static JsonObject Prefix(PrefixConfig config, ModuleCatalog model)
    {
        var heads = model.Config.Attention;
        return With(
            Virtual(config.VirtualTokens, model, heads.KeyValueHeadCount, heads.KeyValueHeadCount * heads.HeadSize),
            ("encoder_hidden_size", config.EncoderHidden > 0
                ? config.EncoderHidden
                : heads.KeyValueHeadCount * heads.HeadSize),
            ("init_weights", config.BeginAtZero ? "zero" : null),
            ("prefix_projection", config.Projection));
    }

    private static JsonObject Prompt(PromptConfig config, ModuleCatalog model) => With(
        Virtual(config.VirtualTokens, model, model.Config.Attention.HeadCount, model.Config.HiddenSize),
        ("prompt_tuning_init", config.Initial switch
        {
            PromptInitial.Random => "RANDOM",
            PromptInitial.Text => "TEXT",
            _ => "SAMPLE_VOCAB",
        }),
        ("prompt_tuning_init_text", config.Text),
        ("tokenizer_kwargs", null),
        ("tokenizer_name_or_path", config.Initial == PromptInitial.Text ? config.BaseModel : null));

    private static JsonObject PTuning(PTuningConfig config, ModuleCatalog model) => With(
        Virtual(config.VirtualTokens, model, model.Config.Attention.HeadCount, model.Config.HiddenSize),
        ("encoder_dropout", Real(0)),
        ("encoder_hidden_size", config.EncoderHidden),
        ("encoder_num_layers", config.EncoderLayers),
        ("encoder_reparameterization_type", config.Encoder == PTuningEncoder.Mlp ? "MLP" : "LSTM"));

    private static JsonObject Virtual(int tokens, ModuleCatalog model, int heads, int width) => new()
    {
        ["num_attention_heads"] = heads,
        ["num_layers"] = model.Config.Layers.Count,
        ["num_transformer_submodules"] = 1,
        ["num_virtual_tokens"] = tokens,
        ["token_dim"] = width,
    };
}
