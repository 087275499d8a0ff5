using Hone.Models.Configuration;
using Hone.Models.Families;

namespace Hone.Fuzz.Targets;

internal sealed class ModelConfigTarget : ITarget
{
    public string Name => "config.json";

    public string FileName => "config.json";

    public IEnumerable<byte[]> Seeds(string tests) =>
    [
        """
        {"model_type":"llama","hidden_size":64,"intermediate_size":172,"num_hidden_layers":2,"num_attention_heads":4,"num_key_value_heads":2,
        "vocab_size":512,"rms_norm_eps":1e-5,"max_position_embeddings":512,"tie_word_embeddings":true,"torch_dtype":"float32",
        "rope_theta":10000.0,"rope_scaling":{"rope_type":"llama3","factor":8.0,"low_freq_factor":1.0,"high_freq_factor":4.0,
        "original_max_position_embeddings":256}}
        """u8.ToArray(),
        """
        {"model_type":"gemma2","hidden_size":32,"intermediate_size":64,"num_hidden_layers":2,"num_attention_heads":2,"num_key_value_heads":1,
        "head_dim":16,"vocab_size":99,"max_position_embeddings":64,"sliding_window":8,"query_pre_attn_scalar":16,"attn_logit_softcapping":50.0,
        "final_logit_softcapping":30.0,"layer_types":["sliding_attention","full_attention"]}
        """u8.ToArray(),
        """
        {"model_type":"gpt2","n_embd":32,"n_head":2,"n_layer":2,"n_positions":64,"vocab_size":99,"activation_function":"gelu_new"}
        """u8.ToArray(),
    ];

    public long Read(string path) => ModelFamilies.Read(ConfigFile.Read(Path.GetDirectoryName(path)!)).Layers.Count;
}
