using System.Text.Json.Nodes;
using Hone.Models.Adapters.Kinds;
using Hone.Models.Configuration;

namespace Hone.Models.Adapters.Files;

/// <summary>Reads PEFT's <c>adapter_config.json</c>.</summary>
internal static class PeftConfigReader
{
    private static readonly string[] Kinds =
    [
        "LORA", "ADALORA", "IA3", "VERA", "LOHA", "LOKR", "OFT", "BOFT", "LN_TUNING", "PREFIX_TUNING", "PROMPT_TUNING",
        "P_TUNING", "CURLORA",
    ];

    /// <summary>Reads the fields of a file.</summary>
    /// <exception cref="CheckpointException">It describes an adapter that is not supported.</exception>
    public static AdapterConfig Read(ConfigFields source)
    {
        var fields = new PeftFields(source);
        fields.Ignore(
            "auto_mapping", "inference_mode", "peft_version", "revision", "fan_in_fan_out",
            "num_transformer_submodules");
        AdapterConfig config = fields.Text("peft_type") switch
        {
            "LORA" => LoraFields.Read(fields),
            "ADALORA" => LoraFields.ReadAdaLora(fields),
            "IA3" => Ia3(fields),
            "VERA" => Vera(fields),
            "LOHA" => Loha(fields),
            "LOKR" => Lokr(fields),
            "OFT" => Oft(fields),
            "BOFT" => Boft(fields),
            "LN_TUNING" => new NormTuningConfig { Targets = fields.Targets() },
            "PREFIX_TUNING" => Prefix(fields),
            "PROMPT_TUNING" => Prompt(fields),
            "P_TUNING" => PTuning(fields),
            "CURLORA" => new CurLoraConfig
            {
                Rank = fields.Count("r"),
                Alpha = fields.Number("alpha", 1),
                Targets = fields.Targets(),
            },
            _ => throw fields.Wrong("peft_type", $"one of {string.Join(", ", Kinds)}"),
        };
        config = config with
        {
            BaseModel = fields.Text("base_model_name_or_path"),
            TaskType = fields.Text("task_type"),
            ModulesToSave = fields.Texts("modules_to_save"),
        };
        fields.RefuseRest();
        return config;
    }

    private static Ia3Config Ia3(PeftFields fields) => new()
    {
        Targets = fields.Targets(),
        FeedForward = fields.Node("feedforward_modules") is JsonValue
            ? new ModuleTargets { Pattern = fields.Text("feedforward_modules") }
            : new ModuleTargets { Names = fields.Texts("feedforward_modules") },
        BeginAsBase = fields.Flag("init_ia3_weights", true),
    };

    private static VeraConfig Vera(PeftFields fields)
    {
        fields.Flag("init_weights", true);
        return new VeraConfig
        {
            Rank = fields.Count("r", 256),
            InitialD = fields.Number("d_initial", 0.1),
            Dropout = fields.Rate("vera_dropout"),
            Targets = fields.Targets(),
            ProjectionKey = fields.Natural("projection_prng_key", 0),
            SaveProjection = fields.Flag("save_projection", true),
            Bias = fields.Bias("vera_only"),
        };
    }

    private static LohaConfig Loha(PeftFields fields) => new()
    {
        Rank = fields.Count("r", 8),
        Alpha = fields.Number("alpha", 8),
        Targets = fields.Targets(),
        RankPattern = fields.Patterns("rank_pattern", value => (int)value),
        AlphaPattern = fields.Patterns("alpha_pattern", value => value),
        BeginAsBase = fields.Flag("init_weights", true),
    };

    private static LokrConfig Lokr(PeftFields fields)
    {
        var lycoris = fields.Node("init_weights") is JsonValue value && value
            .TryGetValue(out string? name) && name == "lycoris";
        return new LokrConfig
        {
            Rank = fields.Count("r", 8),
            Alpha = fields.Number("alpha", 8),
            Targets = fields.Targets(),
            RankPattern = fields.Patterns("rank_pattern", number => (int)number),
            AlphaPattern = fields.Patterns("alpha_pattern", number => number),
            DecomposeBoth = fields.Flag("decompose_both", false),
            Factor = fields.Integer("decompose_factor", -1),
            BeginAsBase = lycoris || fields.Flag("init_weights", true),
        };
    }

    private static OftConfig Oft(PeftFields fields)
    {
        fields.Ignore("eps", "init_weights");
        return new OftConfig
        {
            Rank = fields.Natural("r", 0),
            BlockSize = fields.Natural("oft_block_size", 32),
            Targets = fields.Targets(),
            ShareBlocks = fields.Flag("block_share", false),
            UseNeumann = fields.Flag("use_cayley_neumann", true),
            NeumannTerms = fields.Count("num_cayley_neumann_terms", 5),
            Bias = fields.Bias("oft_only"),
        };
    }

    private static BoftConfig Boft(PeftFields fields)
    {
        fields.Ignore("init_weights");
        return new BoftConfig
        {
            BlockSize = fields.Natural("boft_block_size", 4),
            BlockCount = fields.Natural("boft_block_num", 0),
            Factors = fields.Count("boft_n_butterfly_factor", 1),
            Targets = fields.Targets(),
            Bias = fields.Bias("boft_only"),
        };
    }

    private static PrefixConfig Prefix(PeftFields fields)
    {
        fields.Ignore("num_attention_heads", "num_layers", "token_dim");
        var projection = fields.Flag("prefix_projection", false);
        return new PrefixConfig
        {
            VirtualTokens = fields.Count("num_virtual_tokens"),
            Projection = projection,
            EncoderHidden = projection ? fields.Count("encoder_hidden_size") : fields.Natural("encoder_hidden_size", 0),
            BeginAtZero = fields.Text("init_weights") switch
            {
                null => false,
                "zero" => true,
                _ => throw fields.Wrong("init_weights", "zero or null"),
            },
        };
    }

    private static PromptConfig Prompt(PeftFields fields)
    {
        fields.Ignore("num_attention_heads", "num_layers", "token_dim", "tokenizer_name_or_path", "tokenizer_kwargs");
        return new PromptConfig
        {
            VirtualTokens = fields.Count("num_virtual_tokens"),
            Initial = fields.Text("prompt_tuning_init") switch
            {
                null or "RANDOM" => PromptInitial.Random,
                "TEXT" => PromptInitial.Text,
                "SAMPLE_VOCAB" => PromptInitial.SampleVocab,
                _ => throw fields.Wrong("prompt_tuning_init", "RANDOM, TEXT or SAMPLE_VOCAB"),
            },
            Text = fields.Text("prompt_tuning_init_text"),
        };
    }

    private static PTuningConfig PTuning(PeftFields fields)
    {
        fields.Ignore("num_attention_heads", "num_layers", "token_dim", "encoder_dropout");
        return new PTuningConfig
        {
            VirtualTokens = fields.Count("num_virtual_tokens"),
            Encoder = fields.Text("encoder_reparameterization_type") switch
            {
                null or "MLP" => PTuningEncoder.Mlp,
                "LSTM" => PTuningEncoder.Lstm,
                _ => throw fields.Wrong("encoder_reparameterization_type", "MLP or LSTM"),
            },
            EncoderHidden = fields.Natural("encoder_hidden_size", 0),
            EncoderLayers = fields.Count("encoder_num_layers", 2),
        };
    }
}
