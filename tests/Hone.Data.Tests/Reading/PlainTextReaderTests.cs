namespace Hone.Data.Tests.Reading;

public sealed class PlainTextReaderTests
{
    private static readonly DataSourceOptions Documents = Scratch.Options;

    private static IEnumerable<(string, long)> Read(string text, DataSourceOptions options) =>
        Scratch.Rows("a.txt", text, options).Select(row => (((TextRow)row).Text, row.At.Line));

    [Fact]
    public void A_file_is_one_row_to_the_last_line_end() =>
        Assert.Equal([(" a\n\nb\r\n", 1)], Read("\uFEFF a\n\nb\r\n", Scratch.Options with { Unit = TextUnit.File }));

    [Fact]
    public void Lines_are_rows_and_blank_ones_are_not() =>
        Assert.Equal([(" a ", 1), ("b", 4)], Read(" a \n\n \t\nb", Scratch.Options with { Unit = TextUnit.Line }));

    [Fact]
    public void Documents_stand_between_delimiters_without_the_blanks_around_them() =>
        Assert.Equal([("one\n\ntwo", 1), ("three", 6)],
            Read("one\n\ntwo\n<|endoftext|>\n\nthree\n<|endoftext|>\n \n<|endoftext|>", Documents));

    [Fact]
    public void Joined_lines_read_as_one() =>
        Assert.Equal([("one two three", 1)],
            Read(" one\r\n\n two\t three \n", Documents with { Unit = TextUnit.File, JoinLines = true }));

    [Fact]
    public void Any_text_may_delimit() =>
        Assert.Equal([("a", 1), ("b", 5)], Read("a\n\n---\n\nb", Documents with { Delimiter = "\n---\n" }));

    [Fact]
    public void A_delimiter_across_the_ends_of_buffers_is_found()
    {
        for (var length = 65_520; length < 65_540; length++)
        {
            var text = new string('x', length);

            Assert.Equal([(text, 1), ("b", 1)], Read($"{text}<|endoftext|>b", Documents));
        }
    }

    [Theory]
    [InlineData("")]
    [InlineData("<|endoftext|>\n<|endoftext|>")]
    public void Nothing_to_read_is_an_error(string text) =>
        Assert.Equal("a.txt: there are no rows", Scratch.Error("a.txt", text, Documents));

    [Fact]
    public void Bytes_that_are_not_utf8_are_named_with_their_place() =>
        Assert.Equal("a.txt:3: column 2: byte 0xFF is not UTF-8; if the file is in Latin-1, convert it",
            Scratch.Error("a.txt", [.. "a\n\nb"u8, 0xFF, .. "c"u8]));
}
