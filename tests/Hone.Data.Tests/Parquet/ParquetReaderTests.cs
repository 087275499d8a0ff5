using System.Text;
using System.Text.Json;

namespace Hone.Data.Tests.Parquet;

public sealed class ParquetReaderTests
{
    private static string Folder => Path.Combine(AppContext.BaseDirectory, "Fixtures", "parquet");

    private static byte[] Bytes(string name) => File.ReadAllBytes(Path.Combine(Folder, $"{name}.parquet"));

    private static string Error(byte[] bytes) =>
        Scratch.Error("a.parquet", bytes, Scratch.Options with { Shape = RowShape.Prompt });

    [Theory]
    [InlineData("messages", "messages")] // lists of structs with nulls and empties at every level
    [InlineData("messages_v2", "messages")] // data page v2, gzip
    [InlineData("nested", "nested")] // lists of lists, maps, structs
    [InlineData("chat", "chat")] // small pages, several row groups
    [InlineData("polars_chat_lz4", "chat")]
    [InlineData("flat_all_types_v2_zstd", "flat_all_types")]
    [InlineData("fixed_bss", "fixed_bss")] // BYTE_STREAM_SPLIT
    [InlineData("decimal_as_integer", "decimal_as_integer")]
    [InlineData("int96", "int96")]
    [InlineData("codec_mixed", "codec_mixed")] // zstd, snappy, gzip, brotli and none in one file
    [InlineData("checksums", "checksums")]
    public void Rows_are_what_was_written(string file, string content)
    {
        var rows = DataSource.Open(new() { Path = Path.Combine(Folder, $"{file}.parquet") }).ReadRecords().ToList();
        var expected = File.ReadAllLines(Path.Combine(Folder, $"{content}.jsonl"));

        Assert.Equal(expected.Length, rows.Count);
        foreach (var (line, row) in expected.Zip(rows))
        {
            Assert.True(JsonElement.DeepEquals(JsonElement.Parse(line), row.Fields),
                $"{row.At}: expected {line}, got {row.Fields}");
        }
    }

    [Fact]
    public void Conversations_are_read_as_rows_with_their_numbers()
    {
        var rows = DataSource.Open(new() { Path = Path.Combine(Folder, "chat.parquet") }).Read().ToList();

        Assert.All(rows, row => Assert.IsType<ConversationRow>(row));
        Assert.Equal(Enumerable.Range(1, 30).Select(i => (long)i), rows.Select(row => row.At.Line));
    }

    [Fact]
    public void Damage_is_said_in_words()
    {
        var good = Bytes("checksums");

        Assert.Equal("a.parquet: a Parquet file has at least 12 bytes, got 0", Error([]));
        Assert.Equal("a.parquet: a Parquet file must begin with PAR1; this is none",
            Error(Encoding.UTF8.GetBytes("{\"text\": \"a\"}")));
        Assert.Equal("a.parquet: a Parquet file must end with PAR1; it was cut off", Error(good[..^1]));
        Assert.Equal("a.parquet: the file is encrypted, which is not supported", Error([.. good[..^1], (byte)'E']));
        Assert.Equal($"a.parquet: the footer must fit into the file of {good.Length} bytes, got 4294967295",
            Error([.. good[..^8], 255, 255, 255, 255, .. "PAR1"u8]));
        Assert.Equal("a.parquet: the footer is malformed: Attempted to read past the end of the stream.",
            Error([.. good[..^8], 0, 0, 0, 0, .. "PAR1"u8]));
    }

    [Fact]
    public void A_page_of_fewer_bytes_than_the_length_of_its_levels_is_refused() =>
        Assert.Equal(
            "a.parquet:1: column \"list_of_struct_with_list.list.element.m.key_value.value\": levels are cut off",
            Error(Bytes("../damaged/cut_levels")));

    [Fact]
    public void A_changed_byte_is_caught_by_the_pages_checksum()
    {
        var bad = Bytes("checksums");
        bad[100] ^= 1;

        Assert.Contains(
            "the checksum of a page does not match; the file is damaged", Error(bad), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("messages")]
    [InlineData("messages_v2")]
    [InlineData("nested")]
    [InlineData("polars_chat_lz4")]
    [InlineData("flat_all_types_v2_zstd")]
    [InlineData("codec_mixed")]
    public void Changed_bytes_are_refused_in_words_and_never_harm(string name)
    {
        var good = Bytes(name);
        using var scratch = new Scratch();
        var chance = new Random(1);
        for (var trial = 0; trial < 150; trial++)
        {
            var bad = good.ToArray();
            for (var i = chance.Next(1, 4); i > 0; i--)
            {
                bad[chance.Next(bad.Length)] = (byte)chance.Next(256);
            }

            var source = DataSource.Open(new() { Path = scratch.Write("a.parquet", bad) });
            var problem = Record.Exception(() => source.ReadRecords().Take(10_000).Count());
            Assert.True(problem is null or DataException, $"{problem}");
        }
    }
}
