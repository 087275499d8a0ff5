using System.Text.Json;
using Hone.Models.Checkpoints;
using Hone.Models.Configuration;
using Hone.Models.Generation;
using Hone.Torch;

namespace Hone.Models.Tests;

public sealed class ModelFolderTests
{
    private const string Vocabulary =
        """{"version":"1.0","model":{"type":"BPE","vocab":{VOCAB},"merges":[]},"added_tokens":[]}""";

    [Fact]
    public void A_model_made_from_nothing_is_written_and_read_back_equal()
    {
        using var folder = new TemporaryFolder();
        using var tokenizer = new TemporaryFolder();
        File.WriteAllText(tokenizer.At("tokenizer.json"), Tokenizer(32));
        var config = TinyModel.Config();
        var defaults = new GenerationDefaults([3, 5], new SamplingOptions { Temperature = 0.5, TopK = 7, TopP = 0.9 });
        using var made = ModelFolder.Of(Decoder.Create(config, seed: 3), defaults, tokenizer.Path);

        made.Save(folder.Path);
        using var read = ModelFolder.Load(folder.Path);

        Assert.Equal(config, read.Decoder.Config);
        Assert.Equal(defaults, read.Generation);
        Assert.Equal(32, read.Tokenizer!.VocabularySize);
        Assert.Equal(made.Decoder.Parameters.Keys, read.Decoder.Parameters.Keys);
        Assert.All(made.Decoder.Parameters, weight => Assert.Equal(
            weight.Value.ToArray<float>(), read.Decoder.Parameters[weight.Key].ToArray<float>()));
        Assert.Equal(
            ["config.json", "generation_config.json", "model.safetensors", "tokenizer.json"],
            Directory.GetFiles(folder.Path).Select(Path.GetFileName).Order());
        var fields = JsonDocument.Parse(File.ReadAllText(folder.At("config.json"))).RootElement;
        Assert.Equal("LlamaForCausalLM", fields.GetProperty("architectures")[0].GetString());
        Assert.Equal("[3,5]", JsonSerializer.Serialize(fields.GetProperty("eos_token_id")));
    }

    [Fact]
    public void Weights_are_written_in_the_type_they_were_read_in_or_the_one_asked_for()
    {
        using var folder = new TemporaryFolder();
        using (var made = ModelFolder.Of(
            Decoder.Create(TinyModel.Config() with { StorageType = DType.BFloat16 }, seed: 3),
            new GenerationDefaults([], new SamplingOptions()), null))
        {
            made.Save(folder.Path);
        }

        using var copy = new TemporaryFolder();
        using (var read = ModelFolder.Load(folder.Path))
        {
            Assert.Equal(DType.Float32, read.Decoder.Parameters["model.norm.weight"].DType);
            read.Save(copy.Path);
            Assert.Equal(
                File.ReadAllBytes(folder.At("model.safetensors")), File.ReadAllBytes(copy.At("model.safetensors")));
            Assert.Equal(File.ReadAllText(folder.At("config.json")), File.ReadAllText(copy.At("config.json")));

            read.Save(copy.Path, DType.Float16);
        }

        Assert.Equal(SafetensorsType.F16,
            SafetensorsFile.Open(copy.At("model.safetensors")).Header.Find("model.norm.weight")!.Type);
        Assert.Equal("float16", ConfigFile.Read(copy.Path).Text("torch_dtype"));
    }

    [Theory]
    [InlineData("extra_rotary_buffers_llama", "llama_plain")]
    [InlineData("sharded_llama_tied", "llama_gqa_head_dim_tied")]
    [InlineData("tied_and_present", "llama_gqa_head_dim_tied")]
    [InlineData("tied_only_head", "llama_gqa_head_dim_tied")]
    [InlineData("bare_names_gpt2", "gpt2")]
    [InlineData("extra_buffers_gpt_neox", "gpt_neox_parallel")]
    [InlineData("next_token_layer_deepseek_v3", "deepseek_v3")]
    [InlineData("no_metadata", "mistral_window")]
    [InlineData("odd_layout", "mistral_window")]
    [InlineData("sharded_mixtral", "mixtral")]
    public void Odd_files_of_a_model_give_its_logits(string name, string parent)
    {
        using var model = ModelFolder.Load(Fixtures.Golden("models", "files", name));

        var difference =
            CheckpointCase.RelativeDifference(Logits(model, name), CheckpointCase.Open(parent).Expected("logits.0"));

        Assert.True(difference <= 1e-5, $"logits differ by {difference} of the largest");
    }

    [Fact]
    public void A_head_that_differs_from_the_embeddings_is_used_whatever_the_configuration_says_of_tying()
    {
        using var model = ModelFolder.Load(Fixtures.Golden("models", "files", "tied_but_different"));
        using var expected =
            SafetensorsFile.Open(Fixtures.Golden("models", "files", "tied_but_different", "expected.safetensors"));

        var difference = CheckpointCase.RelativeDifference(
            Logits(model, "tied_but_different"), expected.Load("logits_of_the_library").ToArray<float>());

        Assert.True(difference <= 1e-5, $"logits differ by {difference} of the largest");
        Assert.False(model.Decoder.Config.TiedHead);
    }

    [Theory]
    [InlineData("bf16_gemma2")]
    [InlineData("bf16_qwen3_moe")]
    [InlineData("fp16_gpt2")]
    [InlineData("fp16_mistral")]
    [InlineData("mixed_dtypes")]
    public void Weights_stored_in_16_bits_are_computed_in_32(string name)
    {
        var folder = Fixtures.Golden("models", "files", name);
        using var model = ModelFolder.Load(folder);
        using var expected = SafetensorsFile.Open(Path.Combine(folder, "expected.safetensors"));

        var difference = CheckpointCase.RelativeDifference(
            Logits(model, name), expected.Load("logits_float32_arithmetic").ToArray<float>());

        Assert.True(difference <= 1e-5, $"logits differ by {difference} of the largest");
    }

    [Theory]
    [InlineData(DType.Float32, 4e-5)]
    // the reference's own bfloat16 arithmetic is off by 0.144; other roundings may be by a little more
    [InlineData(DType.BFloat16, 0.2)]
    public void Stored_bfloat16_is_computed_in_the_type_asked_for(DType compute, double tolerance)
    {
        var folder = Fixtures.Golden("models", "files", "bf16_llama");
        using var model = ModelFolder.Load(folder, compute: compute);
        using var expected = SafetensorsFile.Open(Path.Combine(folder, "expected.safetensors"));

        var logits = Logits(model, "bf16_llama");

        Assert.Equal(expected.Load("logits_float32_arithmetic").ToArray<float>(), logits,
            (a, b) => Math.Abs(a - b) <= tolerance);
    }

    [Fact]
    public void A_tokenizer_with_more_tokens_than_the_model_is_refused()
    {
        using var folder = new TemporaryFolder();
        File.WriteAllText(folder.At("tokenizer.json"), Tokenizer(33));

        var error = Assert.Throws<CheckpointException>(
            () => ModelFolder.Of(Decoder.Create(TinyModel.Config(), seed: 3),
                new GenerationDefaults([], new SamplingOptions()), folder.Path));

        Assert.Equal(
            $"{folder.Path}: the tokenizer must not have more tokens than the model, it has 33 and the model 32; take "
                + "the tokenizer that the model was trained with",
            error.Message);
    }

    [Fact]
    public void A_weight_of_another_shape_is_refused()
    {
        using var scope = TensorScope.Open();
        using var folder = Saved(weights => weights["model.norm.weight"] = Tensor.Ones(DType.Float32, 17));

        var error = Assert.Throws<CheckpointException>(() => ModelFolder.Load(folder.Path));

        Assert.Equal(
            $"{folder.Path}: \"model.norm.weight\" must have the shape [16] that config.json asks for, it has [17]",
            error.Message);
    }

    [Fact]
    public void A_missing_weight_is_refused()
    {
        using var scope = TensorScope.Open();
        using var folder = Saved(weights => weights.Remove("model.layers.1.mlp.up_proj.weight"));

        var error = Assert.Throws<CheckpointException>(() => ModelFolder.Load(folder.Path));

        Assert.Equal(
            $"{folder.Path}: must hold the weights \"model.layers.1.mlp.up_proj.weight\", there is no tensor of that "
                + "name", error.Message);
    }

    [Fact]
    public void A_folder_that_is_not_there_is_refused()
    {
        var error = Assert.Throws<CheckpointException>(() => ModelFolder.Load("/no/such/model"));

        Assert.Equal("/no/such/model: must be a model folder, there is no such folder; check the path", error.Message);
    }

    [Fact]
    public void Loading_and_disposing_leaves_no_tensor_behind()
    {
        using var folder = Saved(_ => { });
        var before = TorchRuntime.LiveTensors;

        ModelFolder.Load(folder.Path).Dispose();

        Assert.Equal(before, TorchRuntime.LiveTensors);
    }

    private static string Tokenizer(int tokens) =>
        Vocabulary.Replace(
            "{VOCAB}", $"{{{string.Join(',', Enumerable.Range(0, tokens).Select(i => $"\"t{i}\":{i}"))}}}",
            StringComparison.Ordinal);

    private static TemporaryFolder Saved(Action<Dictionary<string, Tensor>> change)
    {
        using var scope = TensorScope.Open();
        var folder = new TemporaryFolder();
        using var made = ModelFolder.Of(
            Decoder.Create(TinyModel.Config(), seed: 3), new GenerationDefaults([], new SamplingOptions()), null);
        made.Save(folder.Path);
        var weights = made.Decoder.Parameters.ToDictionary();
        change(weights);
        SafetensorsWriter.Write(folder.At("model.safetensors"), weights);
        return folder;
    }

    private static float[] Logits(ModelFolder model, string name)
    {
        using var scope = TensorScope.Open();
        using var noGrad = Autograd.NoGrad();
        var ids =
            Fixtures.Ints(
                Fixtures.Json(Fixtures.Golden("models", "files", name, "case.json")).GetProperty("inputs")
                    .GetProperty("ids"));
        return model.Decoder.Head.Logits(model.Decoder.Hidden(TokenBatch.Of(ids))).To(DType.Float32).ToArray<float>();
    }
}
