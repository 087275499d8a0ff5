using System.Buffers.Binary;
using System.Text;
using Hone.Models.Checkpoints;

namespace Hone.Models.Tests.Checkpoints;

public sealed class SafetensorsHeaderTests
{
    private const string Entry = """{"x":{"dtype":"F32","shape":[2],"data_offsets":[0,8]}}""";

    [Fact]
    public void A_header_says_which_tensors_lie_where()
    {
        var header =
            Read("""{"__metadata__":{"format":"pt"},"b":{"dtype":"BF16","shape":[2,2],"data_offsets":[4,12]},"a":{"dtype":"F32","shape":[],"data_offsets":[0,4]}}""", 12);

        Assert.Equal(["b", "a"], header.Entries.Select(entry => entry.Name));
        Assert.Equal(
            (SafetensorsType.BF16, 4L, 12L), (header.Find("b")!.Type, header.Find("b")!.Begin, header.Find("b")!.End));
        Assert.Equal([2L, 2L], header.Find("b")!.Shape);
        Assert.Equal("pt", header.Metadata["format"]);
        Assert.Empty(header.Warnings);
    }

    [Theory]
    [InlineData("[]", 0,
        "the header must be a JSON object in UTF-8, the header does not begin with {; the file is damaged")]
    [InlineData("", 0, "the header must be a JSON object in UTF-8, the header is empty; the file is damaged")]
    [InlineData(Entry + "x", 8, "only blanks may follow the header's JSON, there are characters after the JSON")]
    [InlineData("""{"x":{"dtype":"F32","shape":[2],"data_offsets":[0,8]},"x":{"dtype":"F32","shape":[2],"data_offsets":[0,8]}}""", 8, "names must be unique, there is tensor \"x\" twice; the file is damaged")]
    [InlineData("""{"x":{"dtype":"Q8","shape":[2],"data_offsets":[0,8]}}""", 8,
        "\"x\" must have a dtype of the format such as F32 or BF16, it has the unknown dtype \"Q8\"; the file is "
            + "damaged")]
    [InlineData("""{"x":{"dtype":"F32","shape":[3],"data_offsets":[0,8]}}""", 8,
        "shape times dtype must be the length, \"x\" of shape [3] of F32 needs 12 bytes, the offsets give 8; the file "
            + "is damaged")]
    [InlineData("""{"a":{"dtype":"U8","shape":[6],"data_offsets":[0,6]},"b":{"dtype":"U8","shape":[4],"data_offsets":[4,8]}}""", 8, "tensors must not overlap, \"a\" [0, 6] and \"b\" [4, 8] overlap; the file is damaged")]
    [InlineData("""{"a":{"dtype":"U8","shape":[2],"data_offsets":[0,2]},"b":{"dtype":"U8","shape":[4],"data_offsets":[4,8]}}""", 8, "tensors must follow each other without holes, bytes 2..4 belong to no tensor; the file is damaged")]
    [InlineData(Entry, 12,
        "the data must end where the tensors end, there are 4 bytes after the last tensor; the file is damaged")]
    [InlineData(Entry, 4,
        "tensors must lie inside the file, \"x\" has offsets [0, 8] and ends outside of the data, which have 4 bytes; "
            + "the file is cut short or damaged: copy or download it again")]
    [InlineData("""{"x":{"dtype":"F32","shape":[4611686018427387904,4],"data_offsets":[0,8]}}""", 8,
        "\"x\" must be of a size that can be counted, shape [4611686018427387904, 4] overflows; the file is damaged")]
    [InlineData("""{"x":{"dtype":"F32","shape":[2],"data_offsets":[8,0]}}""", 8,
        "offsets must not be reversed, \"x\" has offsets [8, 0]; the file is damaged")]
    [InlineData("""{"x":{"dtype":"F32","shape":[2]}}""", 0,
        "\"x\" must have dtype, shape and data_offsets, it has no data_offsets; the file is damaged")]
    [InlineData("""{"x":{"dtype":"F32","shape":[2.5],"data_offsets":[0,8]}}""", 8,
        "\"x\" must have integers below 2^63 in shape, dimension 2.5 is not an integer of that range; the file is "
            + "damaged")]
    public void What_breaks_a_rule_is_refused_in_words(string json, int dataLength, string message)
    {
        var error = Assert.Throws<CheckpointException>(() => Read(json, dataLength));

        Assert.Equal($"w.safetensors: {message}", error.Message);
    }

    [Fact]
    public void A_header_longer_than_the_file_is_refused()
    {
        byte[] file = [60, 0, 0, 0, 0, 0, 0, 0, (byte)'{', (byte)'}'];

        var error =
            Assert.Throws<CheckpointException>(() => SafetensorsHeader.Read(new MemoryStream(file), "w.safetensors"));

        Assert.Equal(
            "w.safetensors: the header must lie inside the file, header length 60 exceeds the file of 10 bytes; it is "
                + "cut short: copy or download it again",
            error.Message);
    }

    [Fact]
    public void Unknown_fields_and_null_metadata_are_warned_of()
    {
        var header =
            Read("""{"__metadata__":null,"x":{"dtype":"F32","shape":[2],"data_offsets":[0,8],"extra":[1,{}]}}""", 8);

        Assert.Equal(
            ["w.safetensors: metadata should be an object, it is null",
                "w.safetensors: \"x\" has the unknown field \"extra\""],
            header.Warnings);
    }

    [Fact]
    public void A_missing_file_is_an_error_in_words()
    {
        using var folder = new TemporaryFolder();
        var path = folder.At("model.safetensors");

        var error = Assert.Throws<CheckpointException>(() => SafetensorsHeader.Read(path));

        Assert.Equal($"{path}: the file must exist, none was found; check the path", error.Message);
    }

    [Fact]
    public void Valid_files_of_the_reference_library_are_read_as_it_reads_them()
    {
        foreach (var item in Fixtures.JsonLines(Fixtures.Golden("files", "safetensors", "valid.jsonl")))
        {
            using var file = SafetensorsFile.Open(Fixtures.Golden("files", item.GetProperty("path").GetString()!));
            Assert.Empty(file.Header.Warnings);
            foreach (var tensor in item.GetProperty("tensors").EnumerateObject())
            {
                var entry = file.Header.Find(tensor.Name);
                Assert.NotNull(entry);
                Assert.Equal(tensor.Value.GetProperty("dtype").GetString(), SafetensorsTypes.NameOf(entry.Type));
                Assert.Equal(Fixtures.Ints(tensor.Value.GetProperty("shape")).Select(size => (long)size), entry.Shape);
                if (tensor.Value.TryGetProperty("hex", out var hex) && hex.GetString() is { } text)
                {
                    Assert.Equal(text, Convert.ToHexStringLower(file.ReadBytes(tensor.Name)));
                }
            }
        }
    }

    [Fact]
    public void Files_that_break_a_rule_of_the_format_are_refused_and_nothing_else_is()
    {
        // Fields that the format does not know and a null for metadata are harmless: a warning.
        string[] harmless = ["extra_field", "metadata_null"];
        foreach (var item in Fixtures.JsonLines(Fixtures.Golden("files", "safetensors", "invalid.jsonl")))
        {
            var path = Fixtures.Golden("files", item.GetProperty("path").GetString()!);
            if (harmless.Contains(item.GetProperty("name").GetString()))
            {
                Assert.NotEmpty(SafetensorsHeader.Read(path).Warnings);
            }
            else
            {
                Assert.StartsWith(
                    $"{path}: ", Assert.Throws<CheckpointException>(() => SafetensorsHeader.Read(path)).Message);
            }
        }
    }

    [Theory]
    [InlineData("pickle",
        "a PyTorch zip file with pickled weights; pickles can run code and are refused: convert it to safetensors")]
    [InlineData("pickle_protocol", "a pickle; pickles can run code and are refused: convert it to safetensors")]
    [InlineData("gguf", "GGUF; name the .gguf file itself")]
    [InlineData("html", "a web page (a failed download); download it again")]
    [InlineData("lfs_pointer", "a Git LFS pointer, not the file itself; fetch it with \"git lfs pull\"")]
    public void Files_of_another_kind_are_called_by_their_name(string name, string kind)
    {
        var path = Fixtures.Golden("files", "safetensors", "invalid", $"{name}.safetensors");

        var error = Assert.Throws<CheckpointException>(() => SafetensorsHeader.Read(path));

        Assert.Equal($"{path}: must be a safetensors file, looks like {kind}", error.Message);
    }

    private static SafetensorsHeader Read(string json, int dataLength)
    {
        var text = Encoding.UTF8.GetBytes(json);
        var file = new byte[8 + text.Length + dataLength];
        BinaryPrimitives.WriteInt64LittleEndian(file, text.Length);
        text.CopyTo(file, 8);
        return SafetensorsHeader.Read(new MemoryStream(file), "w.safetensors");
    }
}
