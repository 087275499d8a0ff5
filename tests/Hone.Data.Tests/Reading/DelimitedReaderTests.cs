namespace Hone.Data.Tests.Reading;

public sealed class DelimitedReaderTests
{
    [Theory]
    [InlineData("id,text\n1,a\n2,b\n")]
    [InlineData("id,text\r\n1,a\r\n2,b")]
    [InlineData("id,text\r1,a\r2,b\r")]
    [InlineData("\uFEFFid,text\n1,a\n\n2,b\n\n")]
    [InlineData("\"id\",\"text\"\n\"1\",\"a\"\n2,b\n")]
    public void Rows_end_with_any_line_end_and_blank_lines_are_skipped(string text) =>
        Assert.Equal(
            ["{\"id\":\"1\",\"text\":\"a\"}", "{\"id\":\"2\",\"text\":\"b\"}"], Scratch.Records("a.csv", text));

    [Fact]
    public void Quoted_cells_hold_separators_quotes_and_line_ends_as_they_are() => Assert.Equal(
        ["""{"id":"1","text":"a, \"b\"\r\nc"}""", """{"id":"2","text":""}""", """{"id":"","text":"  "}"""],
        Scratch.Records("a.csv", "id,text\n1,\"a, \"\"b\"\"\r\nc\"\n2,\"\"\n,  \n"));

    [Fact]
    public void Cells_are_text_whatever_they_look_like() =>
        Assert.Equal(["""{"x":"007","y":"1e5"}""", """{"x":"=1+1","y":"-0"}"""],
            Scratch.Records("a.csv", "x,y\n007,1e5\n=1+1,-0\n"));

    [Fact]
    public void A_table_without_header_or_quotes_is_read_as_told() => Assert.Equal(
        ["""{"0":"Say \"hi\" twice","1":"2"}""", """{"0":"z","1":"3"}"""],
        Scratch.Records(
            "a.tsv", "Say \"hi\" twice\t2\nz\t3\n", Scratch.Options with { Header = false, Quotes = false }));

    [Fact]
    public void Any_ascii_character_may_separate() =>
        Assert.Equal(["""{"a":"1,5","b":"2"}"""],
            Scratch.Records("a.csv", "a;b\n1,5;2\n", Scratch.Options with { Separator = ";" }));

    [Fact]
    public void Rows_know_the_line_they_begin_on_also_after_cells_of_several_lines()
    {
        using var scratch = new Scratch();
        var path = scratch.Write("a.csv", "text\n\"one\ntwo\"\n\nthree\n");

        Assert.Equal([2, 5], DataSource.Open(new() { Path = path }).Read().Select(row => row.At.Line));
    }

    [Theory]
    [InlineData("", "a.csv: the file is empty")]
    [InlineData("text\n", "a.csv: there are no rows")]
    [InlineData("id,text\n1,a\n2,b,c\n", "a.csv:3: the row must have as many cells as the header, 2, got 3")]
    [InlineData("id,text,n\n1,a,5\n2,b\n", "a.csv:3: the row must have as many cells as the header, 3, got 2")]
    [InlineData("a,a\n1,2\n", "a.csv:1: column \"a\" occurs twice; without a header line, set header: false")]
    [InlineData("a,,c\n1,2,3\n", "a.csv:1: column 2 has no name; without a header line, set header: false")]
    [InlineData("id,text\n1,a\n2,\"b\n", "a.csv:3: column 3: the quoted cell that begins here is not closed")]
    [InlineData("id,text\n1,\"a\"b\n", "a.csv:2: column 6: a separator or line end must follow the closing quote")]
    [InlineData("id,text\n1,a\"b\n",
        "a.csv:2: column 4: a quote inside a cell that does not begin with one; quote the whole cell and double the "
            + "quote")]
    [InlineData("id;text\n1;a\n",
        "a.csv:2: a column text, messages, prompt or chosen must be there; this row has \"id;text\"; if its cells are "
            + "separated by another character, set separator")]
    public void What_is_not_rfc_4180_is_refused(string text, string message) =>
        Assert.Equal(message, Scratch.Error("a.csv", text));

    [Fact]
    public void Bytes_that_are_not_utf8_are_named_with_their_place() =>
        Assert.Equal(
            "a.csv:2: column 3: byte 0xFF is not UTF-8", Scratch.Error("a.csv", [.. "a,b\n1,"u8, 0xFF, .. "\n"u8]));

    [Fact]
    public void Random_tables_come_back_as_they_were()
    {
        for (var seed = 0; seed < 60; seed++)
        {
            var chance = new Random(seed);
            var columns = chance.Next(1, 5);
            var table = Enumerable.Range(0, chance.Next(1, 12))
                .Select(_ => Enumerable.Range(0, columns).Select(_ => RandomText.Of(chance, 1
                    + chance.Next(30))).ToArray()).ToList();
            var end = chance.Next(2) == 0 ? "\n" : "\r\n";
            var file = string.Concat(table.Prepend([.. Enumerable.Range(0, columns).Select(i => $"c{i}")])
                .Select(row => string.Join(
                    ',', row.Select(cell => $"\"{cell.Replace("\"", "\"\"", StringComparison.Ordinal)}\"")) + end));

            using var scratch = new Scratch();
            var records = DataSource.Open(new() { Path = scratch.Write("a.csv", file) }).ReadRecords();
            Assert.Equal(table,
                records.Select(
                    record => record.Fields.EnumerateObject().Select(field => field.Value.GetString()!).ToArray()));
        }
    }
}
