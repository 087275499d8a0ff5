using Hone.Models.Checkpoints;
using Hone.Models.Configuration;
using Hone.Models.Families;
using Hone.Torch;

namespace Hone.Models.Tests;

public sealed class LabelScorerTests
{
    public static TheoryData<string> Cases =>
    [
        "classifier_llama_3", "reward_gemma2", "reward_gpt2", "reward_gpt_neox", "reward_llama", "reward_qwen2",
        "reward_qwen3", "tokens_llama", "tokens_qwen2",
    ];

    [Theory]
    [MemberData(nameof(Cases))]
    public void Scores_are_those_of_the_reference(string name)
    {
        using var scope = TensorScope.Open();
        using var noGrad = Autograd.NoGrad();
        var reference = Fixtures.Json(Fixtures.Golden("models", "heads", name, "case.json"));
        using var model = ModelFolder.Load(Fixtures.Golden("models", "heads", name));
        var sequences =
            reference.GetProperty("inputs").GetProperty("ids").EnumerateArray().Select(Fixtures.Ints).ToArray();

        var scores = new LabelScorer(model.Decoder).Score(sequences).ToArray<float>();

        var rows = reference.GetProperty("alone").EnumerateArray();
        var expected = model.Decoder.Config.Labels!.EachToken
            ? rows.SelectMany(sequence => sequence.EnumerateArray()).SelectMany(Fixtures.Floats)
            : rows.SelectMany(Fixtures.Floats);
        Assert.Equal(expected, scores, (a, b) => Math.Abs(a - b) <= 2e-5f);
    }

    [Theory]
    [MemberData(nameof(Cases))]
    public void What_is_written_has_the_same_keys_bytes_and_labels(string name)
    {
        var source = Fixtures.Golden("models", "heads", name);
        using var folder = new TemporaryFolder();
        using (var model = ModelFolder.Load(source))
        {
            model.Save(folder.Path);
            Assert.Equal(model.Decoder.Config,
                ModelFamilies.Read(new ConfigFields(ModelFamilies.Write(model.Decoder.Config), "config.json")));
        }

        Assert.Equal(
            ConfigFile.Read(source).Copy().Select(field => field.Key).Order(),
            ConfigFile.Read(folder.Path).Copy().Select(field => field.Key).Order());
        Assert.Equal(ModelFamilies.Read(ConfigFile.Read(source)), ModelFamilies.Read(ConfigFile.Read(folder.Path)));
        Assert.Equal(File.ReadAllBytes(Path.Combine(source, Checkpoint.SingleFile)),
            File.ReadAllBytes(folder.At(Checkpoint.SingleFile)));
    }

    [Fact]
    public void A_sequence_that_ends_in_padding_is_scored_before_it()
    {
        using var scope = TensorScope.Open();
        using var noGrad = Autograd.NoGrad();
        using var model = Decoder.Create(
            TinyModel.Config() with { Labels = new LabelConfig(2, EachToken: false, PadId: 9) }, seed: 1);
        var scorer = new LabelScorer(model);

        var scores = scorer.Score([1, 2, 9, 9], [1, 2], [9, 9]).ToArray<float>();

        Assert.Equal(scores[2..4], scores[0..2], (a, b) => Math.Abs(a - b) < 1e-6f);
        Assert.NotEqual(scores[0..2], scores[4..6]);
    }

    [Fact]
    public void A_model_that_predicts_tokens_is_refused()
    {
        using var model = Decoder.Create(TinyModel.Config(), seed: 1);

        Assert.Equal(
            "scores of labels: the model must have a head that scores labels, its head predicts tokens",
            Assert.Throws<CheckpointException>(() => new LabelScorer(model)).Message);
    }
}
