using System.Text;

namespace Hone.Data.Tests.Reading;

public sealed class JsonLinesReaderTests
{
    [Theory]
    [InlineData("{\"text\": \"a\"}\n{\"text\": \"b\"}\n")]
    [InlineData("{\"text\": \"a\"}\n{\"text\": \"b\"}")]
    [InlineData("{\"text\": \"a\"}\r\n{\"text\": \"b\"}\r\n")]
    [InlineData("\uFEFF{\"text\": \"a\"}\n{\"text\": \"b\"}\n")]
    [InlineData("\n{\"text\": \"a\"}\n \t\n  {\"text\": \"b\"} \n\n")]
    public void Lines_are_rows_whatever_their_ends(string text)
    {
        var rows = Scratch.Rows("a.jsonl", text);

        Assert.Equal(["a", "b"], rows.Select(row => ((TextRow)row).Text));
    }

    [Fact]
    public void Each_row_knows_its_file_and_line()
    {
        using var scratch = new Scratch();
        var path = scratch.Write("a.jsonl", "{\"text\": \"a\"}\n\n{\"text\": \"b\"}\n");

        Assert.Equal(
            [$"{path}:1", $"{path}:3"], DataSource.Open(new() { Path = path }).Read().Select(row => row.At.ToString()));
    }

    [Fact]
    public void Rows_that_came_before_a_fault_are_read()
    {
        using var scratch = new Scratch();
        using var rows = DataSource.Open(new()
        {
            Path = scratch.Write(
            "a.jsonl", "{\"text\": \"a\"}\n{\"text\"}\n")
        }).Read().GetEnumerator();

        Assert.True(rows.MoveNext());
        Assert.Throws<DataException>(() => rows.MoveNext());
    }

    [Fact]
    public void A_line_longer_than_any_buffer_is_one_row()
    {
        var text = new string('x', 300_000);

        Assert.Equal([text, "b"],
            Scratch.Rows(
                "a.jsonl", $"{{\"text\": \"{text}\"}}\n{{\"text\": \"b\"}}\n").Select(row => ((TextRow)row).Text));
    }

    [Fact]
    public void Unicode_line_separators_do_not_end_a_line() =>
        Assert.Equal("a\u2028b\u2029c\u0085d",
            ((TextRow)Scratch.Rows("a.jsonl", "{\"text\": \"a\u2028b\u2029c\u0085d\"}")[0]).Text);

    [Theory]
    [InlineData("[{\"text\": \"a\"}]",
        "a.jsonl:1: column 1: each line must be an object, got an array; a file that is one array would be a .json "
            + "file")]
    [InlineData("{\"text\": \"a\"}\n\"b\"", "a.jsonl:2: column 1: each line must be an object, got \"b\"")]
    [InlineData("{\"text\": \"a\"\n\"n\": 1}", "a.jsonl:1: column 13: the line ends inside an object")]
    [InlineData("", "a.jsonl: there are no rows")]
    [InlineData(" \n\n", "a.jsonl: there are no rows")]
    public void What_is_no_object_a_line_is_refused(string text, string message) =>
        Assert.Equal(message, Scratch.Error("a.jsonl", text));

    [Fact]
    public void Bytes_that_are_not_utf8_are_named_with_their_place()
    {
        Assert.Equal("a.jsonl:2: column 11: byte 0xFF is not UTF-8",
            Scratch.Error("a.jsonl", [.. "{\"text\": \"a\"}\n{\"text\": \""u8, 0xFF, 0xFF, .. "\"}"u8]));
        Assert.Equal("a.jsonl:1: column 14: byte 0xF6 is not UTF-8; if the file is in Latin-1, convert it",
            Scratch.Error("a.jsonl", Encoding.Latin1.GetBytes("{\"text\": \"schön\"}")));
        Assert.Equal("a.jsonl:1: column 11: a surrogate is not UTF-8",
            Scratch.Error("a.jsonl", [.. "{\"text\": \""u8, 0xED, 0xA0, 0x80, .. "\"}"u8]));
        Assert.Equal("a.jsonl:1: column 11: the text ends inside a character",
            Scratch.Error("a.jsonl", [.. "{\"text\": \""u8, 0xE2, 0x82]));
        Assert.Equal(
            "a.jsonl:1: the file is UTF-16; convert it to UTF-8", Scratch.Error("a.jsonl", [0xFF, 0xFE, 0x7B, 0]));
    }

    [Fact]
    public void Random_rows_come_back_as_they_were()
    {
        for (var seed = 0; seed < 60; seed++)
        {
            var chance = new Random(seed);
            var texts = Enumerable.Range(0, chance.Next(1, 20)).Select(_ => RandomText.Of(chance, 1
                + chance.Next(60))).ToList();
            var file = string.Concat(texts.Select(text => System.Text.Json.JsonSerializer.Serialize(new { text })
                + (chance.Next(2) == 0 ? "\n" : "\r\n")));

            Assert.Equal(texts, Scratch.Rows("a.jsonl", file).Select(row => ((TextRow)row).Text));
        }
    }
}
