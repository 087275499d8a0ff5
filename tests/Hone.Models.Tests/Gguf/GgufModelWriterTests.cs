using Hone.Models.Configuration;
using Hone.Models.Families;
using Hone.Models.Gguf;
using Hone.Text.Gguf;
using Hone.Torch;

namespace Hone.Models.Tests.Gguf;

public sealed class GgufModelWriterTests
{
    private static readonly Dictionary<string, GgufValue> NoVocabulary = [];

    /// <summary>One checkpoint of each family that is written, with each kind of rotation that GGUF has.</summary>
    public static TheoryData<string> Cases =>
    [
        "llama_gqa_head_dim_tied", "llama_plain", "llama_rope_linear", "llama_rope_llama3", "llama_rope_yarn",
        "mistral_window",
        "qwen2", "qwen3", "gemma", "olmo2", "granite", "phi3_longrope", "phi3_longrope_partial", "phi3_window", "gpt2",
        "mixtral", "qwen2_moe", "qwen3_moe",
    ];

    [Theory]
    [MemberData(nameof(Cases))]
    public void A_model_that_went_through_a_file_predicts_as_before(string name)
    {
        using var scope = TensorScope.Open();
        using var noGrad = Autograd.NoGrad();
        using var folder = new TemporaryFolder();
        var reference = CheckpointCase.Open(name);
        using var model = ModelFolder.Load(reference.Folder);
        GgufModelWriter.Write(folder.At("model.gguf"), model.Decoder, GgmlType.F32, "tiny", NoVocabulary);
        using var read = ModelFolder.Load(folder.At("model.gguf"));

        foreach (var ids in reference.Ids)
        {
            // A file of a model with windows holds for their length.
            var window =
                model.Decoder.Config.Layers[0].Window is > 0 and var size ? Math.Min(size, ids.Length) : ids.Length;
            var tokens = TokenBatch.Of(ids[..window]);
            var (before, after) = (Logits(model, tokens), Logits(read, tokens));
            Assert.True(CheckpointCase.RelativeDifference(after, before) <= 1e-5);
        }
    }

    [Theory]
    [InlineData("gemma2", 2)]
    [InlineData("gemma3", 6)]
    [InlineData("smollm3", 4)]
    public void What_a_file_leaves_to_the_family_is_as_its_makers_have_it(string name, int layers)
    {
        // The reference's own checkpoints are unusual in just that: of them the sizes are taken, and of the makers the
        // rest.
        using var scope = TensorScope.Open();
        using var noGrad = Autograd.NoGrad();
        using var folder = new TemporaryFolder();
        var reference = ModelFamilies.Read(ConfigFile.Read(CheckpointCase.Open(name).Folder));
        var kinds = reference.Layers.OrderBy(layer => layer.Window == 0).ToArray();
        using var decoder = Decoder.Create(
            reference with
            {
                Attention = reference.Attention with { Scale = Math.Pow(reference.Attention.HeadSize, -0.5) },
                Layers = [.. Enumerable.Range(1, layers).Select(number => name switch
                {
                    "gemma2" => kinds[number % 2 == 1 ? 0 : ^1],
                    "gemma3" => kinds[number % 6 == 0 ? ^1 : 0],
                    _ => new LayerConfig(Rotary: number % 4 == 0 ? RotaryUse.None : RotaryUse.Main),
                })],
            },
            seed: 1);

        GgufModelWriter.Write(folder.At("model.gguf"), decoder, GgmlType.F32, "tiny", NoVocabulary);
        using var read = ModelFolder.Load(folder.At("model.gguf"));

        var tokens = TokenBatch.Of([.. Enumerable.Range(1, 20)]);
        Assert.Equal(decoder.Config.Layers, read.Decoder.Config.Layers);
        Assert.True(CheckpointCase.RelativeDifference(
            Logits(read, tokens), decoder.Head.Logits(decoder.Hidden(tokens)).ToArray<float>()) <= 1e-5);
    }

    [Theory]
    [InlineData("llama_rope_dynamic", "rope_scaling: must be one that GGUF has, Dynamic is not; export to safetensors")]
    [InlineData("stablelm_sequential_bias",
        "*the model must be of a family that is written as GGUF, \"stablelm\" is not; those are *")]
    [InlineData("llama_biases_mqa",
        "*it has no place for FeedForwardConfig*Activation = Gelu*only for *Activation = Silu*")]
    [InlineData("qwen2_moe_norm_sparse_step",
        "*a GGUF file must say all of the model, it has no place for ExpertConfig*")]
    public void What_a_file_cannot_say_is_refused(string name, string message)
    {
        using var folder = new TemporaryFolder();
        using var model = ModelFolder.Load(CheckpointCase.Open(name).Folder);

        var fault = Assert.Throws<CheckpointException>(
            () => GgufModelWriter.Write(folder.At("model.gguf"), model.Decoder, GgmlType.F32, "tiny", NoVocabulary));

        Assert.True(
            System.IO.Enumeration.FileSystemName.MatchesSimpleExpression(message, fault.Message), fault.Message);
        Assert.Empty(Directory.EnumerateFileSystemEntries(folder.Path));
    }

    [Fact]
    public void Rows_that_are_not_whole_blocks_are_stored_in_half_precision_and_vectors_in_single()
    {
        using var folder = new TemporaryFolder();
        // inner 24, heads 16 wide
        using var decoder = Decoder.Create(TinyModel.Config() with { HiddenSize = 32 }, seed: 1);

        GgufModelWriter.Write(folder.At("model.gguf"), decoder, GgmlType.Q40, "tiny", NoVocabulary);

        using var file = GgufFile.Open(folder.At("model.gguf"));
        Assert.Equal(
            [GgmlType.Q80, GgmlType.F32, GgmlType.Q40, GgmlType.F16],
            new[] { "token_embd.weight", "blk.0.attn_norm.weight", "blk.0.attn_q.weight", "blk.0.ffn_down.weight" }
                .Select(name => file.Header.Find(name)!.Type));
        Assert.Equal((2, 2), (file.Header.Int("general.file_type"), file.Header.Int("llama.block_count")));
    }

    [Fact]
    public void A_file_whose_tensors_do_not_fit_its_keys_is_refused()
    {
        using var folder = new TemporaryFolder();
        var (path, tensors) = Tiny(folder);

        Assert.Equal(
            $"{path}: must be a GGUF file with a model, but has 1000000 blocks, but only {tensors} tensors",
            Refused(path, "llama.block_count", 1_000_000));
        Assert.Equal(
            $"{path}: \"model.layers.0.self_attn.q_proj.weight\" must have the shape [32, 16] that config.json asks "
                + "for, it has [16, 16]",
            Refused(path, "llama.attention.head_count", 8));
        Assert.Equal(
            $"{path}: must be a GGUF file with a model, but has the architecture bert (general.architecture), which "
            + "is not supported; supported are llama, qwen2, qwen2moe, qwen3, qwen3moe, gemma, gemma2, gemma3, "
            + "granite, olmo2, smollm3, phi3, gpt2",
            Refused(path, "general.architecture", "bert"));
    }

    [Fact]
    public void An_embedding_that_is_no_matrix_is_refused()
    {
        using var folder = new TemporaryFolder();
        var (path, _) = Tiny(folder);

        Assert.Equal(
            $"{path}: must be a GGUF file with a model, but has token_embd.weight of 0 dimensions, which must be 2",
            Refused(path, [], name => name == "token_embd.weight" ? [] : null));
    }

    private static (string Path, int Tensors) Tiny(TemporaryFolder folder)
    {
        using var decoder = Decoder.Create(TinyModel.Config(), seed: 1);
        var path = folder.At("model.gguf");
        GgufModelWriter.Write(path, decoder, GgmlType.F32, "tiny", NoVocabulary);
        return (path, decoder.Parameters.Count);
    }

    private static string Refused(string path, string key, object value) => Refused(
        path,
        new()
        {
            [key] =
                value is string text ? new GgufValue.Text(text) : new GgufValue.Whole(GgufValueType.UInt32, (int)value),
        },
        _ => null);

    // The file with other keys, and tensors cut to other shapes.
    private static string Refused(
        string path, Dictionary<string, GgufValue> changed, Func<string, long[]?> shapeOf)
    {
        var original = File.ReadAllBytes(path);
        var header = GgufHeader.Read(path);
        var data = original.AsSpan((int)header.DataStart).ToArray();
        var metadata = header.Metadata.Concat(changed).GroupBy(pair => pair.Key)
            .ToDictionary(pairs => pairs.Key, pairs => pairs.Last().Value);
        (string Name, GgmlType Type, long[] Shape)[] tensors =
            [.. header.Tensors.Select(tensor => (tensor.Name, tensor.Type, shapeOf(tensor.Name) ?? tensor.Shape))];
        using (var stream = File.Create(path))
        {
            GgufWriter.Write(
                stream, metadata, tensors,
                i => stream.Write(data.AsSpan(
                    (int)header.Tensors[i].Offset, (int)GgufWriter.BytesOf(tensors[i].Type, tensors[i].Shape))));
        }

        var message = Assert.Throws<CheckpointException>(() => ModelFolder.Load(path)).Message;
        File.WriteAllBytes(path, original);
        return message;
    }

    private static float[] Logits(ModelFolder model, TokenBatch tokens) =>
        model.Decoder.Head.Logits(model.Decoder.Hidden(tokens)).ToArray<float>();
}
