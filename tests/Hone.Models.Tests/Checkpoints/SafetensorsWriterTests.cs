using System.Text;
using Hone.Models.Checkpoints;
using Hone.Torch;

namespace Hone.Models.Tests.Checkpoints;

public sealed class SafetensorsWriterTests
{
    [Fact]
    public void Wide_types_come_first_then_names_and_the_header_is_padded_to_eight_bytes()
    {
        using var scope = TensorScope.Open();
        using var folder = new TemporaryFolder();
        var tensors = new Dictionary<string, Tensor>
        {
            ["b"] = Tensor.From<float>([1, 2], 2),
            ["a"] = Tensor.From<byte>([7], 1),
            ["A"] = Tensor.Scalar(3f),
        };

        SafetensorsWriter.Write(folder.At("w.safetensors"), tensors);

        // 163 characters of JSON, padded to 168 with blanks; then 3, 1, 2 as floats and the byte 7.
        const string json =
            """{"__metadata__":{"format":"pt"},"A":{"dtype":"F32","shape":[],"data_offsets":[0,4]},"b":{"dtype":"F32","shape":[2],"data_offsets":[4,12]},"a":{"dtype":"U8","shape":[1],"data_offsets":[12,13]}}""";
        var padding = new string(' ', (8 - (json.Length % 8)) % 8);
        byte[] expected =
        [
            (byte)(json.Length + padding.Length), 0, 0, 0, 0, 0, 0, 0, .. Encoding.ASCII.GetBytes(json + padding),
            0, 0, 0x40, 0x40, 0, 0, 0x80, 0x3F, 0, 0, 0, 0x40, 7,
        ];
        Assert.Equal(expected, File.ReadAllBytes(folder.At("w.safetensors")));
        Assert.Equal([folder.At("w.safetensors")], Directory.GetFiles(folder.Path));
    }

    [Fact]
    public void Names_and_metadata_are_escaped_where_json_must_be_and_nowhere_else()
    {
        var header = Encoding.UTF8.GetString(SafetensorsWriter.Header(
            [new SafetensorsEntry("q\"\\\n\u0001é🙂", SafetensorsType.U8, [0], 0, 0)],
            new Dictionary<string, string>()));

        Assert.Equal("""{"q\"\\\n\u0001é🙂":{"dtype":"U8","shape":[0],"data_offsets":[0,0]}}""", header.TrimEnd());
    }

    [Fact]
    public void What_is_read_and_written_again_has_the_same_bytes()
    {
        using var scope = TensorScope.Open();
        using var folder = new TemporaryFolder();
        foreach (var name in new[] { "mixed_dtypes", "bf16_llama", "fp16_mistral", "extra_buffers_gpt_neox" })
        {
            var source = Fixtures.Golden("models", "files", name, "model.safetensors");
            using var file = SafetensorsFile.Open(source);

            SafetensorsWriter.Write(
                folder.At("copy.safetensors"), file.Header.Entries.ToDictionary(
                    entry => entry.Name, entry => file.Load(entry.Name)), file.Header.Metadata);

            Assert.Equal(File.ReadAllBytes(source), File.ReadAllBytes(folder.At("copy.safetensors")));
        }
    }

    [Fact]
    public void A_place_that_cannot_be_written_is_an_error_in_words_and_leaves_nothing()
    {
        using var scope = TensorScope.Open();
        using var folder = new TemporaryFolder();
        Directory.CreateDirectory(folder.At("w.safetensors"));

        var error = Assert.Throws<CheckpointException>(
            () => SafetensorsWriter.Write(
                folder.At("w.safetensors"), new Dictionary<string, Tensor> { ["x"] = Tensor.Of(1f) }));

        Assert.StartsWith($"{folder.At("w.safetensors")}: must be writable, the system says ", error.Message);
        Assert.Empty(Directory.GetFiles(folder.Path));
    }
}
