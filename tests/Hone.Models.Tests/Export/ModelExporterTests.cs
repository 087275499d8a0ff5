using Hone.Models.Export;
using Hone.Text;
using Hone.Text.Gguf;

namespace Hone.Models.Tests.Export;

public sealed class ModelExporterTests
{
    [Theory]
    [InlineData("stories260k", GgmlType.F32, 1e-4)]
    [InlineData("stories260k", GgmlType.F16, 0.05)]
    [InlineData("stories260k", GgmlType.BF16, 0.3)]
    [InlineData("stories260k", GgmlType.Q80, 0.8)]
    [InlineData("babyllama-105", GgmlType.Q80, 0.8)]
    [InlineData("tinystories-656k", GgmlType.Q80, 0.8)]
    public void A_gguf_file_predicts_and_cuts_text_as_the_folder_it_was_made_of(
        string name, GgmlType type, double largest)
    {
        using var folder = new TemporaryFolder();
        var source = Fixtures.Real("models", name);

        var report =
            ModelExporter.Export(source, folder.At("model.gguf"), new ExportOptions { AsGguf = true, Type = type });

        Assert.InRange(report.Parity.LargestLogitDifference, 0, largest);
        Assert.InRange(report.Parity.MeanKl, -1e-6, 0.01);
        Assert.Equal([("model.gguf", new FileInfo(folder.At("model.gguf")).Length)], report.Files);
        Assert.Equal(["model.gguf"], Directory.EnumerateFileSystemEntries(folder.Path).Select(Path.GetFileName));
        var (before, after) = (Tokenizer.Load(source), Tokenizer.Load(folder.At("model.gguf")));
        const string text = "Once upon a time, there was a little girl named Lily.";
        Assert.Equal(before.EncodeIds(text), after.EncodeIds(text));
        Assert.Equal((before.BosId, before.EosId), (after.BosId, after.EosId));
    }

    [Theory]
    [InlineData(GgmlType.Q40, 0.35)]
    [InlineData(GgmlType.Q41, 0.35)]
    public void Four_bits_tell_of_the_distance_they_make(GgmlType type, double kl)
    {
        using var folder = new TemporaryFolder();

        var report = ModelExporter.Export(
            Fixtures.Real("models", "stories260k"), folder.At("model.gguf"),
            new ExportOptions { AsGguf = true, Type = type });

        Assert.InRange(report.Parity.MeanKl, 1e-4, kl);
        Assert.InRange(report.Parity.SameLikeliest, 0.5, 1);
    }

    [Fact]
    public void A_folder_is_written_in_shards_with_what_belongs_to_it()
    {
        using var folder = new TemporaryFolder();

        var report = ModelExporter.Export(
            Fixtures.Real("models", "stories260k"), folder.At("out"),
            new ExportOptions { Type = GgmlType.BF16, ShardLimit = 200_000 });

        Assert.Equal(
            ["config.json", "generation_config.json", "model-00001-of-00003.safetensors",
                "model-00002-of-00003.safetensors",
                "model-00003-of-00003.safetensors", "model.safetensors.index.json", "tokenizer.json", "tokenizer.model",
                "tokenizer_config.json"],
            report.Files.Select(file => file.Name));
        Assert.InRange(report.Parity.LargestLogitDifference, 1e-6, 0.3);
    }

    [Fact]
    public void A_gguf_file_becomes_a_folder_of_the_same_model_with_its_tokenizer()
    {
        using var folder = new TemporaryFolder();
        var source = Gguf.SmolLm2.File;

        var report = ModelExporter.Export(source, folder.At("out"), new ExportOptions());

        Assert.Equal(0, report.Parity.LargestLogitDifference);
        Assert.Equal(
            ["config.json", "generation_config.json", "model.safetensors", "tokenizer.json", "tokenizer_config.json"],
            report.Files.Select(file => file.Name));
        var (before, after) = (Tokenizer.Load(source), Tokenizer.Load(folder.At("out")));
        Assert.Equal(before.EncodeIds("Hello 123\n\n1"), after.EncodeIds("Hello 123\n\n1"));
    }

    [Fact]
    public void A_gguf_file_without_a_tokenizer_says_so()
    {
        using var folder = new TemporaryFolder();
        var bare = Directory.CreateDirectory(folder.At("bare")).FullName;
        foreach (var part in new[] { "config.json", "model.safetensors" })
        {
            File.Copy(Path.Combine(Fixtures.Real("models", "stories260k"), part), Path.Combine(bare, part));
        }

        ModelExporter.Export(bare, folder.At("model.gguf"), new ExportOptions { AsGguf = true });

        // llama.cpp refuses a file that does not name its tokenizer
        Assert.Equal("no_vocab", GgufHeader.Read(folder.At("model.gguf")).Text("tokenizer.ggml.model"));
        using var read = ModelFolder.Load(folder.At("model.gguf"), Hone.Torch.DType.Float32, Hone.Torch.DType.Float32);
        Assert.Null(read.Tokenizer);
    }

    [Fact]
    public void A_model_that_is_not_there_is_told_wherever_it_was_to_go()
    {
        using var folder = new TemporaryFolder();

        var fault = Assert.Throws<CheckpointException>(
            () => ModelExporter.Export(folder.At("none"), folder.At("not/yet/out"), new ExportOptions()));

        Assert.StartsWith($"{folder.At("none")}: ", fault.Message, StringComparison.Ordinal);
        Assert.Empty(Directory.GetFileSystemEntries(folder.Path));
    }

    [Fact]
    public void Nothing_is_written_over()
    {
        using var folder = new TemporaryFolder();
        File.WriteAllText(folder.At("model.gguf"), "mine");

        var fault = Assert.Throws<CheckpointException>(
            () => ModelExporter.Export("m", folder.At("model.gguf"), new ExportOptions { AsGguf = true }));

        Assert.Equal(
            $"{folder.At("model.gguf")}: must not exist yet, there is something of that name; choose another or "
                + "remove it", fault.Message);
        Assert.Equal("mine", File.ReadAllText(folder.At("model.gguf")));
    }
}
