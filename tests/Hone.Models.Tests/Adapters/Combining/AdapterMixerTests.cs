using Hone.Models.Adapters;
using Hone.Models.Adapters.Combining;
using Hone.Models.Adapters.Files;
using Hone.Models.Adapters.Kinds;

namespace Hone.Models.Tests.Adapters.Combining;

public sealed class AdapterMixerTests : IDisposable
{
    private static readonly int[] Text = [1, 2, 3, 4, 5, 3];

    private readonly TemporaryFolder _folder = new();
    private readonly Decoder _model = TinyAdapters.Model();

    public AdapterMixerTests()
    {
        TinyAdapters.Add(_model, "lora").Save(_folder.At("lora"));
        TinyAdapters.Add(_model, "rslora").Save(_folder.At("rslora"));
        TinyAdapters.Add(_model, "lora on the embedding").Save(_folder.At("embedding"));
        TinyAdapters.Add(_model, "dora").Save(_folder.At("dora"));
        TinyAdapters.Add(_model, "lora with a norm").Save(_folder.At("norm"));
    }

    [Theory]
    [InlineData("lora", "rslora")]
    [InlineData("lora", "embedding")]
    [InlineData("rslora", "rslora")]
    public void One_behind_the_other_they_add_what_they_add_together(string first, string second)
    {
        NamedAdapter[] parts = [new(_folder.At(first), 0.7), new(_folder.At(second), -0.4)];
        _model.Adapters.Activate((Name(first), 0.7), (Name(second), -0.4));
        var together = TinyAdapters.Logits(_model, Text);

        AdapterMixer.Write(parts, _folder.At("one"), new MixtureOptions { Kind = MixtureKind.Cat });

        Assert.Equal(together, Logits("one"), Close);
    }

    [Fact]
    public void A_decomposition_of_the_whole_rank_loses_nothing()
    {
        NamedAdapter[] parts = [new(_folder.At("lora")), new(_folder.At("rslora"), 0.5)];
        AdapterMixer.Write(parts, _folder.At("cat"), new MixtureOptions { Kind = MixtureKind.Cat });

        AdapterMixer.Write(parts, _folder.At("svd"), new MixtureOptions { Kind = MixtureKind.Svd, Rank = 5 });
        AdapterMixer.Write(parts, _folder.At("less"), new MixtureOptions { Kind = MixtureKind.Svd });

        var whole = Logits("cat");
        Assert.Equal(whole, Logits("svd"), Close);
        Assert.NotEqual(whole, Logits("less"), Close);
        Assert.Equal(3, ((LoraConfig)AdapterFolder.ReadConfig(_folder.At("less"))).Rank);
    }

    [Fact]
    public void Alone_an_adapter_stays_what_it_is()
    {
        AdapterMixer.Write(
            [new(_folder.At("rslora"))], _folder.At("one"), new MixtureOptions { Kind = MixtureKind.Linear });

        _model.Adapters.Activate("rslora");
        Assert.Equal(TinyAdapters.Logits(_model, Text), Logits("one"), Close);
        var config = (LoraConfig)AdapterFolder.ReadConfig(_folder.At("one"));
        Assert.Equal((3, 3.0, false), (config.Rank, config.Alpha, config.UseRsLora));
    }

    [Theory]
    [InlineData(
        MixtureKind.Linear,
        1,
        "rslora",
        "{1}: the rank must be that of the other adapters, 3, where factors are summed, got 2; combine by cat or svd")]
    [InlineData(
        MixtureKind.Ties,
        -1,
        "lora",
        "{0}: the weight must not be negative where factors are pruned, got -1; combine by cat, linear or svd")]
    [InlineData(
        MixtureKind.Cat,
        1,
        "dora",
        "{0}: must be a low-rank adapter of factors alone to be combined, has LORA; merge it into the model instead, "
        + "or switch several on together")]
    [InlineData(
        MixtureKind.Cat,
        1,
        "norm",
        "{0}: must be a low-rank adapter of factors alone to be combined, has \"base_model.model.lm_head.weight\"; "
        + "merge it into the model instead, or switch several on together")]
    public void What_does_not_go_together_is_refused(MixtureKind kind, double weight, string other, string message)
    {
        var fault = Assert.Throws<CheckpointException>(() => AdapterMixer.Write(
            [new(_folder.At(other), weight), new(_folder.At("lora"))],
            _folder.At("one"),
            new MixtureOptions { Kind = kind, Density = 0.5 }));

        Assert.Equal(
            message.Replace("{0}", _folder.At(other)).Replace("{1}", _folder.At("lora")), fault.Message);
        Assert.False(Path.Exists(_folder.At("one")));
    }

    [Fact]
    public void A_write_that_fails_leaves_nothing_behind()
    {
        // A folder stands where the second file is to go.
        var path = Path.Combine(_folder.At($"one.{Environment.ProcessId}.tmp"), AdapterFolder.ConfigName);
        Directory.CreateDirectory(path);
        string[] before = ["dora", "embedding", "lora", "norm", "rslora"];

        var fault = Assert.Throws<CheckpointException>(() => AdapterMixer.Write(
            [new(_folder.At("lora"))], _folder.At("one"), new MixtureOptions { Kind = MixtureKind.Linear }));

        Assert.StartsWith($"{path}: must be writable, the system says ", fault.Message, StringComparison.Ordinal);
        Assert.Equal(before, Directory.GetFileSystemEntries(_folder.Path).Select(Path.GetFileName).Order());
    }

    public void Dispose()
    {
        _model.Dispose();
        _folder.Dispose();
    }

    private static string Name(string folder) => folder == "embedding" ? "lora on the embedding" : folder;

    private float[] Logits(string name)
    {
        _model.Adapters.Add(name, Adapter.Load(_model, _folder.At(name)));
        _model.Adapters.Activate(name);
        return TinyAdapters.Logits(_model, Text);
    }

    private static bool Close(float a, float b) => Math.Abs(a - b) <= 1e-4f;
}
