using Hone.Models.Checkpoints;
using Hone.Torch;

namespace Hone.Models.Tests.Checkpoints;

public sealed class CheckpointTests
{
    [Fact]
    public void A_mapped_tensor_can_be_changed_and_the_file_stays_as_it_is()
    {
        using var scope = TensorScope.Open();
        using var folder = new TemporaryFolder();
        SafetensorsWriter.Write(
            folder.At("model.safetensors"), new Dictionary<string, Tensor> { ["x"] = Tensor.Of(1f, 2f) });
        var before = File.ReadAllBytes(folder.At("model.safetensors"));

        Tensor x;
        using (var checkpoint = Checkpoint.Open(folder.Path))
        {
            x = checkpoint.Load("x");
        }

        x.Fill(9);
        Assert.Equal([9f, 9f], x.ToArray<float>());
        Assert.Equal(before, File.ReadAllBytes(folder.At("model.safetensors")));
    }

    [Fact]
    public void Shards_are_filled_in_the_order_of_names_and_read_back_through_their_index()
    {
        using var scope = TensorScope.Open();
        using var folder = new TemporaryFolder();
        var tensors = Enumerable.Range(0, 5).ToDictionary(i => $"t{i}", i => Tensor.Of((float)i, i));

        // Eight bytes each, two to a shard.
        ShardedWriter.Write(folder.Path, tensors, shardLimit: 16);

        Assert.Equal(
            ["model-00001-of-00003.safetensors", "model-00002-of-00003.safetensors", "model-00003-of-00003.safetensors",
                "model.safetensors.index.json"],
            Directory.GetFiles(folder.Path).Select(Path.GetFileName).Order());
        Assert.StartsWith(
            "{\n  \"metadata\": {\n    \"total_parameters\": 10,\n    \"total_size\": 40\n  },\n  \"weight_map\": {\n "
                + "   \"t0\": \"model-00001-of-00003.safetensors\",",
            File.ReadAllText(folder.At("model.safetensors.index.json")));
        using var checkpoint = Checkpoint.Open(folder.Path);
        Assert.Equal(["t0", "t1", "t2", "t3", "t4"], checkpoint.Names);
        Assert.Equal([4f, 4f], checkpoint.Load("t4").ToArray<float>());
    }

    [Fact]
    public void Writing_one_file_over_shards_removes_them()
    {
        using var scope = TensorScope.Open();
        using var folder = new TemporaryFolder();
        var tensors = Enumerable.Range(0, 4).ToDictionary(i => $"t{i}", i => Tensor.Of((float)i, i));
        ShardedWriter.Write(folder.Path, tensors, shardLimit: 16);

        ShardedWriter.Write(folder.Path, tensors);

        Assert.Equal(["model.safetensors"], Directory.GetFiles(folder.Path).Select(Path.GetFileName));
    }

    [Fact]
    public void The_index_of_reference_shards_is_written_again_byte_for_byte()
    {
        using var scope = TensorScope.Open();
        using var folder = new TemporaryFolder();
        var source = Fixtures.Golden("models", "files", "sharded_llama_tied");
        using var checkpoint = Checkpoint.Open(source);

        ShardedWriter.Write(
            folder.Path, checkpoint.Names.ToDictionary(name => name, checkpoint.Load), shardLimit: 50_000);

        Assert.Equal(File.ReadAllText(Path.Combine(source, Checkpoint.IndexFile)),
            File.ReadAllText(folder.At(Checkpoint.IndexFile)));
    }

    [Fact]
    public void Pickled_weights_are_refused_by_name()
    {
        using var folder = new TemporaryFolder();
        File.WriteAllBytes(folder.At("pytorch_model.bin"), [0x80, 2]);

        var error = Assert.Throws<CheckpointException>(() => Checkpoint.Open(folder.Path));

        Assert.Equal(
            $"{folder.At("pytorch_model.bin")}: weights must be safetensors, these are pickled; pickles can run code "
                + "and are refused: convert them to safetensors",
            error.Message);
    }

    [Fact]
    public void A_folder_without_weights_is_refused()
    {
        using var folder = new TemporaryFolder();

        var error = Assert.Throws<CheckpointException>(() => Checkpoint.Open(folder.Path));

        Assert.Equal(
            $"{folder.Path}: must hold model.safetensors or model.safetensors.index.json, there is neither; check the "
                + "path", error.Message);
    }

    [Theory]
    [InlineData("""{"weight_map":{"t9":"model-00001-of-00002.safetensors"}}""",
        "\"t9\" must be in model-00001-of-00002.safetensors, that file has no such tensor")]
    [InlineData("""{"weight_map":{"t0":"../elsewhere.safetensors"}}""",
        "\"t0\" must name a file beside the index, got \"../elsewhere.safetensors\"")]
    [InlineData("""{}""", "\"weight_map\" is missing; the shards cannot be found without it")]
    public void An_index_that_does_not_fit_its_shards_is_refused(string index, string message)
    {
        using var scope = TensorScope.Open();
        using var folder = new TemporaryFolder();
        SafetensorsWriter.Write(
            folder.At("model-00001-of-00002.safetensors"), new Dictionary<string, Tensor> { ["t0"] = Tensor.Of(1f) });
        File.WriteAllText(folder.At("model.safetensors.index.json"), index);

        var error = Assert.Throws<CheckpointException>(() => Checkpoint.Open(folder.Path));

        Assert.Equal($"{folder.At("model.safetensors.index.json")}: {message}", error.Message);
    }
}
