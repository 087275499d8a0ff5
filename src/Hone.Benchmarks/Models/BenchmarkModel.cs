using Hone.Models.Configuration;
using Hone.Models.Families;

namespace Hone.Benchmarks.Models;

/// <summary>One of the models that works are done with.</summary>
/// <param name="Name">Its name in works, such as <c>L15M</c>.</param>
/// <param name="Json">Its <c>config.json</c>.</param>
public sealed record BenchmarkModel(string Name, string Json)
{
    /// <summary>15,191,712 weights.</summary>
    public static BenchmarkModel L15M { get; } =
        new("L15M", Llama(hidden: 288, layers: 6, heads: 6, inner: 768, tied: true));

    /// <summary>134,105,856 weights.</summary>
    public static BenchmarkModel L110M { get; } =
        new("L110M", Llama(hidden: 768, layers: 12, heads: 12, inner: 2048, tied: false));

    /// <summary>124,439,808 weights.</summary>
    public static BenchmarkModel Gpt2 { get; } = new("GPT2-124M", """
        {"model_type": "gpt2", "architectures": ["GPT2LMHeadModel"], "activation_function": "gelu_new", "n_embd": 768, "n_head": 12,
         "n_layer": 12, "n_positions": 1024, "vocab_size": 50257, "layer_norm_epsilon": 1e-05, "initializer_range": 0.02,
         "bos_token_id": 1, "eos_token_id": 2, "torch_dtype": "float32"}
        """);

    /// <summary>494,032,768 weights, stored in bfloat16.</summary>
    public static BenchmarkModel L05B { get; } = new("L0.5B", """
        {"model_type": "qwen2", "architectures": ["Qwen2ForCausalLM"], "hidden_size": 896, "num_hidden_layers": 24,
         "num_attention_heads": 14, "num_key_value_heads": 2, "intermediate_size": 4864, "vocab_size": 151936, "hidden_act": "silu",
         "max_position_embeddings": 2048, "rms_norm_eps": 1e-06, "rope_theta": 1000000.0, "tie_word_embeddings": true,
         "initializer_range": 0.02, "bos_token_id": 1, "eos_token_id": 2, "torch_dtype": "bfloat16"}
        """);

    /// <summary>The token that ends a sequence, in all of them.</summary>
    public const int EndOfSequence = 2;

    /// <summary>The architecture.</summary>
    public DecoderConfig Config() => ModelFamilies.Read(ConfigFields.Parse(Json, Name));

    private static string Llama(int hidden, int layers, int heads, int inner, bool tied) => $$"""
        {"model_type": "llama", "architectures": ["LlamaForCausalLM"], "hidden_size": {{hidden}}, "num_hidden_layers": {{layers}},
         "num_attention_heads": {{heads}}, "num_key_value_heads": {{heads}}, "intermediate_size": {{inner}}, "vocab_size": 32000,
         "hidden_act": "silu", "max_position_embeddings": 2048, "rms_norm_eps": 1e-05, "rope_theta": 10000.0,
         "tie_word_embeddings": {{(tied ? "true" : "false")}}, "initializer_range": 0.02, "bos_token_id": 1, "eos_token_id": 2,
         "torch_dtype": "float32"}
        """;
}
