using Hone.Models.Configuration;
using Hone.Models.Encoders;

namespace Hone.Models.Tests.Encoders;

public sealed class EmbeddingOptionsTests : IDisposable
{
    private const string Whole = """
        [{"idx": 0, "name": "0", "path": "", "type": "sentence_transformers.models.Transformer"},
         {"idx": 1, "name": "1", "path": "1_Pooling", "type": "sentence_transformers.models.Pooling"}]
        """;

    private static readonly EncoderConfig Config = new()
    {
        VocabularySize = 8,
        MaxPositions = 64,
        TokenTypes = 2,
        HiddenSize = 4,
        LayerCount = 1,
        HeadCount = 2,
        InnerSize = 8,
        Activation = Activation.Gelu,
        Epsilon = 1e-12,
    };

    private readonly TemporaryFolder _folder = new();

    [Fact]
    public void A_folder_that_says_nothing_is_pooled_by_the_mean_and_normalised() =>
        Assert.Equal(new EmbeddingOptions(Pooling.Mean, Normalise: true, MaxLength: 64),
            EmbeddingOptions.Read(_folder.Path, Config));

    [Theory]
    [InlineData("mean_tokens", Pooling.Mean)]
    [InlineData("cls_token", Pooling.First)]
    [InlineData("max_tokens", Pooling.Largest)]
    public void Modules_decide_about_pooling_and_norm(string mode, Pooling pooling)
    {
        Write(Whole,
            $$"""{"word_embedding_dimension": 4, "pooling_mode_{{mode}}": true, "pooling_mode_other": false}""");
        File.WriteAllText(_folder.At("sentence_bert_config.json"), """{"max_seq_length": 16}""");

        Assert.Equal(new EmbeddingOptions(pooling, Normalise: false, MaxLength: 16),
            EmbeddingOptions.Read(_folder.Path, Config));
    }

    [Theory]
    [InlineData("""{"pooling_mode_mean_sqrt_len_tokens": true}""", "it asks for pooling_mode_mean_sqrt_len_tokens")]
    [InlineData("""{"pooling_mode_mean_tokens": true, "pooling_mode_cls_token": true}""",
        "it asks for pooling_mode_mean_tokens, pooling_mode_cls_token")]
    [InlineData("{}", "it asks for none")]
    public void Pooling_that_is_not_known_is_refused(string pooling, string found)
    {
        Write(Whole, pooling);

        Assert.Equal(
            $"{_folder.At("1_Pooling/config.json")}: must ask for one way of pooling that is known, {found}; "
            + "known are pooling_mode_mean_tokens, pooling_mode_cls_token, pooling_mode_max_tokens",
            Assert.Throws<CheckpointException>(() => EmbeddingOptions.Read(_folder.Path, Config)).Message);
    }

    [Fact]
    public void A_module_that_is_not_known_is_refused()
    {
        Write("""[{"type": "sentence_transformers.models.Dense", "path": "2_Dense"}]""", "{}");

        Assert.Equal(
            $"{_folder.At("modules.json")}: module 0: \"type\" must be a Transformer of this folder, a Pooling or a "
            + "Normalize, got \"sentence_transformers.models.Dense\"",
            Assert.Throws<CheckpointException>(() => EmbeddingOptions.Read(_folder.Path, Config)).Message);
    }

    public void Dispose() => _folder.Dispose();

    private void Write(string modules, string pooling)
    {
        File.WriteAllText(_folder.At("modules.json"), modules);
        Directory.CreateDirectory(_folder.At("1_Pooling"));
        File.WriteAllText(_folder.At("1_Pooling/config.json"), pooling);
    }
}
