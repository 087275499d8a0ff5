using Hone.Models.Configuration;
using Hone.Models.Generation;
using Hone.Torch;

namespace Hone.Models.Tests;

public sealed class ModelOutlineTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void It_counts_the_weights_of_the_model_that_the_folder_holds(bool isTied)
    {
        var config = TinyModel.Config() with { TiedHead = isTied };
        using var model = Save(config, DType.Float32);

        var outline = ModelOutline.Read(_folder.Path);

        Assert.Equal(config, outline.Config);
        Assert.Equal(model.Decoder.Parameters.Values.Sum(weight => weight.Count), outline.ParameterCount);
        Assert.Equal(outline.ParameterCount, ModelOutline.Of(config).ParameterCount);
        Assert.Null(outline.Tokenizer);
        Assert.Empty(outline.NotFinite());
    }

    [Theory]
    [InlineData(DType.Float32, 23, double.NaN)]
    [InlineData(DType.Float32, 0, double.PositiveInfinity)]
    [InlineData(DType.BFloat16, 9, double.NegativeInfinity)]
    [InlineData(DType.Float16, 2, double.NaN)]
    [InlineData(DType.Float64, 1, double.NaN)]
    public void It_finds_the_weights_that_are_no_numbers_as_the_model_does(DType stored, long row, double value)
    {
        using (Save(TinyModel.Config(), stored, ("model.layers.1.mlp.up_proj.weight", row, value),
            ("model.norm.weight", 15, value)))
        {
        }

        using var model = ModelFolder.Load(_folder.Path);

        Assert.Equal(
            ["model.layers.1.mlp.up_proj.weight", "model.norm.weight"], ModelOutline.Read(_folder.Path).NotFinite());
        Assert.Equal(WeightScan.NotFinite(model.Decoder), ModelOutline.Read(_folder.Path).NotFinite());
    }

    [Fact]
    public void The_largest_numbers_are_numbers()
    {
        using (Save(TinyModel.Config(), DType.Float32, ("model.norm.weight", 3, float.MaxValue),
            ("model.norm.weight", 4, float.MinValue)))
        {
        }

        Assert.Empty(ModelOutline.Read(_folder.Path).NotFinite());
    }

    [Fact]
    public void It_refuses_what_the_model_refuses()
    {
        var missing = Path.Combine(_folder.Path, "none");
        Assert.Equal(Refusal(() => ModelFolder.Load(missing)), Refusal(() => ModelOutline.Read(missing)));

        using (Save(TinyModel.Config(), DType.Float32))
        {
        }

        // A layer more than the file holds.
        var config = Path.Combine(_folder.Path, "config.json");
        File.WriteAllText(config, File.ReadAllText(config).Replace(
            "\"num_hidden_layers\": 2", "\"num_hidden_layers\": 3", StringComparison.Ordinal));
        Assert.Equal(Refusal(() => ModelFolder.Load(_folder.Path)), Refusal(() => ModelOutline.Read(_folder.Path)));
        Assert.Contains("must hold the weights \"model.layers.2.", Refusal(() => ModelOutline.Read(_folder.Path)),
            StringComparison.Ordinal);
    }

    public void Dispose() => _folder.Dispose();

    private ModelFolder Save(DecoderConfig config, DType stored, params (string Name, long Row, double Value)[] changes)
    {
        var model =
            ModelFolder.Of(Decoder.Create(config, seed: 3), new GenerationDefaults([], new SamplingOptions()), null);
        using var still = Autograd.NoGrad();
        using var scope = TensorScope.Open();
        foreach (var (name, row, value) in changes)
        {
            model.Decoder.Parameters[name].Select(0, row).Fill(value);
        }

        model.Save(_folder.Path, stored);
        return model;
    }

    private static string Refusal(Func<object> load) => Assert.Throws<CheckpointException>(() => load()).Message;
}
