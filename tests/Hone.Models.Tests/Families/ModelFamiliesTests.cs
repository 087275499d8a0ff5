using Hone.Models.Checkpoints;
using Hone.Models.Configuration;
using Hone.Models.Families;
using Hone.Torch;

namespace Hone.Models.Tests.Families;

public sealed class ModelFamiliesTests
{
    public static TheoryData<string> Cases =>
    [
        "llama_biases_mqa", "llama_gqa_head_dim_tied", "llama_plain", "llama_rope_dynamic", "llama_rope_linear",
        "llama_rope_llama3", "llama_rope_yarn",
        "mistral_window", "qwen2", "qwen2_window", "qwen3", "gemma", "gemma2", "gemma3", "gemma3_rope_linear",
        "granite", "olmo2", "smollm3",
        "smollm3_interval_window", "phi3_longrope", "phi3_longrope_partial", "phi3_window", "gpt2",
        "gpt2_inverse_layer_scale", "gpt_neox_parallel",
        "gpt_neox_sequential", "stablelm_parallel_qk_norm", "stablelm_sequential_bias", "mixtral", "qwen2_moe",
        "qwen2_moe_norm_sparse_step", "qwen3_moe",
        "qwen3_moe_not_normalised", "deepseek_v2_grouped_yarn", "deepseek_v2_lite", "deepseek_v3",
        "deepseek_v3_no_q_lora_yarn",
    ];

    [Theory]
    [MemberData(nameof(Cases))]
    public void Logits_are_those_of_the_reference(string name)
    {
        using var scope = TensorScope.Open();
        using var noGrad = Autograd.NoGrad();
        var reference = CheckpointCase.Open(name);
        using var model = ModelFolder.Load(reference.Folder);

        for (var i = 0; i < reference.Ids.Length; i++)
        {
            var logits = model.Decoder.Head.Logits(model.Decoder.Hidden(TokenBatch.Of(reference.Ids[i])));
            var difference =
                CheckpointCase.RelativeDifference(logits.ToArray<float>(), reference.Expected($"logits_float64.{i}"));
            Assert.True(difference <= 1e-5, $"sequence {i} differs by {difference} of the largest logit");
        }
    }

    [Theory]
    [MemberData(nameof(Cases))]
    public void Gradients_are_those_of_the_reference(string name)
    {
        using var scope = TensorScope.Open();
        var reference = CheckpointCase.Open(name);
        using var model = ModelFolder.Load(reference.Folder);
        model.Decoder.SetTrainable(true);

        var loss = Loss(model.Decoder, reference);
        loss.Backward();

        var expectedLoss = reference.Json.GetProperty("loss").GetProperty("both_float64").GetDouble();
        Assert.Equal(expectedLoss, loss.Item(), 1e-5 * expectedLoss);
        using var file = SafetensorsFile.Open(Path.Combine(reference.Folder, "grads.safetensors"));
        var total = Math.Sqrt(file.Header.Entries.Sum(entry => SquaredNorm(file.Load(entry.Name))));
        foreach (var entry in file.Header.Entries)
        {
            var expected = file.Load(entry.Name);
            var difference = Math.Sqrt(SquaredNorm(model.Decoder.Parameters[entry.Name].Grad! - expected));
            var norm = Math.Sqrt(SquaredNorm(expected));
            Assert.True(difference <= 1e-4 * Math.Max(norm, 1e-4 * total),
                $"{entry.Name} differs by {difference}, its norm is {norm}");
        }
    }

    [Theory]
    [MemberData(nameof(Cases))]
    public void Both_spellings_of_the_configuration_are_the_same_model(string name)
    {
        var folder = CheckpointCase.Open(name).Folder;

        var version4 = Read(Path.Combine(folder, "config.json"));
        var version5 = Read(Path.Combine(folder, "config.v5.json"));

        Assert.Equal(version4, version5);
    }

    [Theory]
    [MemberData(nameof(Cases))]
    public void What_is_written_has_the_same_keys_and_the_same_bytes_of_weights(string name)
    {
        var reference = CheckpointCase.Open(name);
        using var folder = new TemporaryFolder();
        using (var model = ModelFolder.Load(reference.Folder))
        {
            model.Save(folder.Path);
        }

        Assert.Equal(
            ConfigFile.Read(reference.Folder).Copy().Select(field => field.Key).Order(),
            ConfigFile.Read(folder.Path).Copy().Select(field => field.Key).Order());
        Assert.Equal(Read(Path.Combine(reference.Folder, "config.json")), Read(folder.At("config.json")));
        Assert.Equal(
            File.ReadAllBytes(Path.Combine(reference.Folder, "model.safetensors")),
            File.ReadAllBytes(folder.At("model.safetensors")));
    }

    [Theory]
    [MemberData(nameof(Cases))]
    public void A_configuration_written_from_nothing_reads_back_equal(string name)
    {
        var config = Read(Path.Combine(CheckpointCase.Open(name).Folder, "config.json"));

        var family = ModelFamilies.Of(config.ModelType, "config.json");

        Assert.Equal(config, family.Read(new ConfigFields(family.Write(config), "config.json")));
    }

    private static Tensor Loss(Decoder decoder, CheckpointCase reference)
    {
        // Labels[t + 1] is what token t predicts, where it is not -100; both sequences share one mean.
        var places = new List<long>();
        var targets = new List<long>();
        var start = 0;
        foreach (var labels in reference.Labels)
        {
            for (var t = 0; t + 1 < labels.Length; t++)
            {
                if (labels[t + 1] != -100)
                {
                    places.Add(start + t);
                    targets.Add(labels[t + 1]);
                }
            }

            start += labels.Length;
        }

        var hidden = decoder.Hidden(TokenBatch.Of(reference.Ids));
        var trained = hidden.IndexSelect(0, Tensor.From<long>(places.ToArray(), places.Count));
        return -decoder.Head.LogProbs(trained, Tensor.From<long>(targets.ToArray(), targets.Count)).LogProbs.Mean();
    }

    [Theory]
    [MemberData(nameof(Cases))]
    public void The_version_5_spelling_is_written_in_that_of_version_4(string name)
    {
        var path = Path.Combine(CheckpointCase.Open(name).Folder, "config.v5.json");
        var fields = ConfigFields.Parse(File.ReadAllText(path), path);
        var config = ModelFamilies.Of(fields).Read(fields);

        var written = ConfigFile.Compose(config, fields);

        Assert.False(written.ContainsKey("rope_parameters") || written.ContainsKey("dtype"));
        Assert.Equal(config, ModelFamilies.Of(fields).Read(new ConfigFields(written, "config.json")));
    }

    private static DecoderConfig Read(string path)
    {
        var fields = ConfigFields.Parse(File.ReadAllText(path), path);
        return ModelFamilies.Of(fields).Read(fields);
    }

    private static double SquaredNorm(Tensor x) => (x * x).Sum().Item();
}
