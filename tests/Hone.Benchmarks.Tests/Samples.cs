using System.Text.Json.Nodes;
using Hone.Benchmarks.Lines;
using Hone.Benchmarks.Machine;
using Hone.Benchmarks.Models;
using Hone.Benchmarks.Running;
using Hone.Benchmarks.Works;

namespace Hone.Benchmarks.Tests;

/// <summary>What tests measure: made-up machines and models that cost nothing.</summary>
internal static class Samples
{
    public static ProcessorRecord Processor { get; } =
        new("Test CPU", 4, new HashSet<string> { "avx2", "avx512f", "avx512_bf16" });

    public static Circumstances Around { get; } =
        new(new DateTimeOffset(2026, 2, 3, 4, 5, 6, TimeSpan.Zero), LoadBefore: 0.25, WallSeconds: 2.04,
            CpuSeconds: 3.96, OthersShare: 0.0123);

    /// <summary>One layer, a whole vocabulary.</summary>
    public static BenchmarkModel Tiny { get; } = new("Tiny", """
        {"model_type": "llama", "hidden_size": 16, "num_hidden_layers": 1, "num_attention_heads": 2, "num_key_value_heads": 2,
         "intermediate_size": 24, "vocab_size": 32000, "hidden_act": "silu", "max_position_embeddings": 1024, "rms_norm_eps": 1e-05,
         "rope_theta": 10000.0, "tie_word_embeddings": true, "initializer_range": 0.02, "eos_token_id": 2, "torch_dtype": "float32"}
        """);

    public static Subject Subject(string work = "P1/L15M", string precision = Precisions.Float32,
        string metric = "tokens/s", int threads = 2) => new()
        {
            Work = work,
            Variant = "trainer",
            Precision = precision,
            Metric = metric,
            Threads = threads,
            Settings = new JsonObject { ["steps"] = 3 },
        };

    public static WorkContext Context(TemporaryFolder folder, IProgram? program = null) => new()
    {
        Models = new ModelStore(Path.Combine(folder.Path, "peers"), Path.Combine(folder.Path, "own")),
        Texts = new TextPlaces([Path.Combine(folder.Path, "texts")], Path.Combine(folder.Path, "tokenizers"), []),
        Processor = Processor,
        Program = program ?? new ScriptedProgram(),
        Scratch = Directory.CreateDirectory(Path.Combine(folder.Path, "scratch")).FullName,
        Threads = 2,
        IsQuick = true,
    };
}
