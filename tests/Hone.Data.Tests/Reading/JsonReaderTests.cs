namespace Hone.Data.Tests.Reading;

public sealed class JsonReaderTests
{
    [Theory]
    [InlineData("[{\"text\":\"a\"},{\"text\":\"b\"}]")]
    [InlineData("\uFEFF[\r\n  {\"text\":\"a\"},\r\n  {\"text\":\"b\"}\r\n]\r\n")]
    public void Elements_of_an_array_are_rows(string text) =>
        Assert.Equal(["{\"text\":\"a\"}", "{\"text\":\"b\"}"], Scratch.Records("a.json", text));

    [Fact]
    public void An_object_is_one_row_or_holds_the_rows_in_the_field_named()
    {
        const string text = """{"version": [1, 2], "data": [{"text": "a"}, {"text": "b]}\""}], "note": {"x": "}"}}""";

        Assert.Equal([text], Scratch.Records("a.json", text));
        Assert.Equal(["{\"text\": \"a\"}", "{\"text\": \"b]}\\\"\"}"],
            Scratch.Records("a.json", text, Scratch.Options with { Field = "data" }));
    }

    [Fact]
    public void Rows_know_the_line_they_begin_on()
    {
        using var scratch = new Scratch();
        var path = scratch.Write("a.json", "[\n{\"text\": \"a\"},\n\n{\n\"text\": \"b\"}]");

        Assert.Equal([2, 4], DataSource.Open(new() { Path = path }).Read().Select(row => row.At.Line));
    }

    [Fact]
    public void Elements_larger_than_any_buffer_are_read()
    {
        for (var length = 65_500; length < 65_560; length += 7)
        {
            var text = new string('x', length);

            Assert.Equal([$"{{\"text\":\"{text}\\\"\"}}", "{\"text\":\"b\"}"],
                Scratch.Records("a.json", $"[{{\"text\":\"{text}\\\"\"}},{{\"text\":\"b\"}}]"));
        }
    }

    [Theory]
    [InlineData("", "a.json: the file is empty")]
    [InlineData("[]", "a.json: there are no rows")]
    [InlineData("3.5", "a.json:1: column 1: the file must hold an array of objects or an object, got 3.5")]
    [InlineData("[{\"a\": 1}, 2]", "a.json:1: column 12: element 1 must be an object, got 2")]
    [InlineData("[\n{\"a\":1},\n]", "a.json:3: column 1: a trailing comma before \"]\"")]
    [InlineData("[\n{\"a\":1}\n {\"a\":2}]", "a.json:3: column 2: a comma or \"]\" must follow in an array")]
    [InlineData("[{\"a\": 1}", "a.json:1: column 10: the file ends inside an array")]
    [InlineData("[", "a.json:1: column 2: the file ends inside an array or object")]
    [InlineData("[{\"a\": \"x", "a.json:1: column 10: the file ends inside a string")]
    [InlineData("{\"a\": 1}\n{\"a\": 2}",
        "a.json:2: column 1: the file goes on after the value; one object a line would be a .jsonl file")]
    [InlineData("// [1]", "a.json:1: column 1: this is no JSON value; JSON has no comments")]
    [InlineData("[{\"a\": 1}}", "a.json:1: column 10: a comma or \"]\" must follow in an array")]
    public void What_is_no_array_of_objects_is_refused(string text, string message) =>
        Assert.Equal(message, Scratch.RecordsError("a.json", text));

    [Theory]
    [InlineData("{\"x\": 1}", "a.json:1: the field \"data\" is missing; this object has \"x\"")]
    [InlineData("{\"data\": 1}", "a.json:1: column 10: \"data\" must be one array of objects")]
    [InlineData("[]", "a.json:1: column 1: the file must hold an object with the field \"data\", got []")]
    [InlineData("{\"data\": [{}], }", "a.json:1: column 16: a trailing comma before \"}\"")]
    public void A_field_that_holds_no_rows_is_refused(string text, string message) =>
        Assert.Equal(message, Scratch.RecordsError("a.json", text, Scratch.Options with { Field = "data" }));
}
