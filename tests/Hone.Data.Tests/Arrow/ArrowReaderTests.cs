using System.Text.Json;

namespace Hone.Data.Tests.Arrow;

public sealed class ArrowReaderTests
{
    private static string Folder => Path.Combine(AppContext.BaseDirectory, "Fixtures", "arrow");

    private static string Error(string name, byte[] bytes) =>
        Scratch.Error(name, bytes, Scratch.Options with { Shape = RowShape.Prompt });

    [Theory]
    [InlineData("chat_zstd_stream.arrows")]
    [InlineData("nested_file.arrow")] // lists, structs, maps, fixed and large lists
    [InlineData("views_stream.arrows")] // string_view, binary_view, list_view
    [InlineData("dictionary_delta_stream.arrows")] // a dictionary that grows and is replaced
    [InlineData("run_end_file.arrow")]
    [InlineData("flat_lz4_file.arrow")] // all flat types
    [InlineData("legacy_v4_stream.arrows")] // no continuation markers
    [InlineData("sliced_stream.arrows")]
    [InlineData("small_buffers_zstd_stream.arrows")] // buffers that are stored raw
    [InlineData("saved_dataset")] // a folder with two shards
    public void Rows_are_what_was_written(string file)
    {
        var rows = DataSource.Open(new() { Path = Path.Combine(Folder, file) }).ReadRecords().ToList();
        var expected = File.ReadAllLines(Path.Combine(Folder, $"{file.Split('.')[0]}.jsonl"));

        Assert.Equal(expected.Length, rows.Count);
        foreach (var (line, row) in expected.Zip(rows))
        {
            Assert.True(JsonElement.DeepEquals(JsonElement.Parse(line), row.Fields),
                $"{row.At}: expected {line}, got {row.Fields}");
        }
    }

    [Fact]
    public void A_stream_under_the_name_of_a_file_is_read_as_what_it_is()
    {
        using var scratch = new Scratch();
        var path = scratch.Write("a.arrow", File.ReadAllBytes(Path.Combine(Folder, "chat_zstd_stream.arrows")));

        Assert.Equal(20, DataSource.Open(new() { Path = path }).Read().Count());
    }

    [Fact]
    public void Damage_is_said_in_words()
    {
        var stream = File.ReadAllBytes(Path.Combine(Folder, "sliced_stream.arrows"));
        var file = File.ReadAllBytes(Path.Combine(Folder, "run_end_file.arrow"));

        Assert.Equal("a.arrows: the file is empty; Arrow data begin with a schema", Error("a.arrows", []));
        Assert.Equal("a.arrows: the data end inside a message; the file was cut off", Error("a.arrows", stream[..100]));
        Assert.Equal(
            "a.arrows: the metadata of a message must have a length, got -2", Error("a.arrows", [254, 255, 255, 255]));
        Assert.Equal("a.arrow: an Arrow file must end with ARROW1; it was cut off", Error("a.arrow", file[..^1]));
        Assert.Equal($"a.arrow: the footer must fit into the file of {file.Length} bytes, got -1",
            Error("a.arrow", [.. file[..^10], 255, 255, 255, 255, .. "ARROW1"u8]));
        Assert.Equal("a.arrow: Arrow data must begin with ARROW1 or a message; this is a Parquet file",
            Error("a.arrow", "PAR1PAR1"u8.ToArray()));
    }

    [Theory]
    [InlineData("nested_file.arrow")]
    [InlineData("views_stream.arrows")]
    [InlineData("dictionary_delta_stream.arrows")]
    [InlineData("run_end_file.arrow")]
    [InlineData("flat_lz4_file.arrow")]
    [InlineData("chat_zstd_stream.arrows")]
    public void Changed_bytes_are_refused_in_words_and_never_harm(string name)
    {
        var good = File.ReadAllBytes(Path.Combine(Folder, name));
        using var scratch = new Scratch();
        var chance = new Random(1);
        for (var trial = 0; trial < 300; trial++)
        {
            var bad = good.ToArray();
            for (var i = chance.Next(1, 4); i > 0; i--)
            {
                bad[chance.Next(bad.Length)] = (byte)chance.Next(256);
            }

            var source = DataSource.Open(new() { Path = scratch.Write("a.arrow", bad) });
            var problem = Record.Exception(() => source.ReadRecords().Take(10_000).Count());
            Assert.True(problem is null or DataException, $"{problem}");
        }
    }
}
