using System.Text;
using System.Text.Json;

namespace Hone.Data.Tests.Reading;

public sealed class JsonScannerTests
{
    private static JsonElement Parse(string text) =>
        new JsonScanner(Encoding.UTF8.GetBytes(text), new SourceLine("f", 1), 1, "line").Parse();

    [Theory]
    [InlineData("""{"x": "a",}""", "f:1: column 11: a trailing comma before \"}\"")]
    [InlineData("""{"a": [1, 2,]}""", "f:1: column 13: a trailing comma before \"]\"")]
    [InlineData("""{"x": "a"},""", "f:1: column 11: the line goes on after the value; each line must hold one object")]
    [InlineData("""{"x": 1} {"x": 2}""",
        "f:1: column 10: the line goes on after the value; each line must hold one object")]
    [InlineData("""{'x': 1}""", "f:1: column 2: a key must begin with a double quote")]
    [InlineData("""{x: 1}""", "f:1: column 2: a key must begin with a double quote")]
    [InlineData("""{"x" 1}""", "f:1: column 6: a colon must follow the key")]
    [InlineData("""{"x": 1 "y": 2}""", "f:1: column 9: a comma or \"}\" must follow in an object")]
    [InlineData("""[1 2]""", "f:1: column 4: a comma or \"]\" must follow in an array")]
    [InlineData("""{"x": NaN}""", "f:1: column 7: NaN and Infinity are not JSON")]
    [InlineData("""{"x": -Infinity}""", "f:1: column 8: digits must follow the minus sign; Infinity is not JSON")]
    [InlineData("""{"x": True}""", "f:1: column 7: this is no JSON value")]
    [InlineData("""{"x": truely}""", "f:1: column 7: this is no JSON value")]
    [InlineData("""{"x": 'a'}""", "f:1: column 7: a string must begin with a double quote")]
    [InlineData("""# a comment""", "f:1: column 1: this is no JSON value; JSON has no comments")]
    [InlineData("""{"x": 01}""", "f:1: column 7: a number must not begin with 0")]
    [InlineData("""{"x": +1}""", "f:1: column 7: a number must not begin with a plus sign")]
    [InlineData("""{"x": .5}""", "f:1: column 7: this is no JSON value")]
    [InlineData("""{"x": 1.}""", "f:1: column 9: digits must follow the dot")]
    [InlineData("""{"x": 1e+}""", "f:1: column 10: digits must follow the exponent's sign")]
    [InlineData("""{"x": 0x1F}""", "f:1: column 8: the number is followed by something that does not belong to it")]
    [InlineData("""{"x": 1e400}""", "f:1: column 7: 1e400 is beyond the range of a double")]
    [InlineData("""{"a": 1, "a": 2}""", "f:1: column 10: key \"a\" occurs twice in one object")]
    [InlineData("""{"a": 1, "\u0061": 2}""", "f:1: column 10: key \"a\" occurs twice in one object")]
    [InlineData("""{"日": {"b": 1, "b": 2}}""", "f:1: column 16: key \"b\" occurs twice in one object")]
    [InlineData("""{"s": "\ud800"}""", "f:1: column 8: a lone surrogate is no character")]
    [InlineData("""{"s": "\udc00\ud800"}""", "f:1: column 8: a lone surrogate is no character")]
    [InlineData("""{"s": "\ud800\u0041"}""", "f:1: column 8: a lone surrogate is no character")]
    [InlineData("""{"s": "\x41"}""", "f:1: column 8: unknown escape \"\\x\"")]
    [InlineData("""{"s": "\u12"}""", "f:1: column 8: four hexadecimal digits must follow \"\\u\"")]
    [InlineData("{\"s\": \"a\tb\"}", "f:1: column 9: control character 0x09 inside a string; write it as an escape")]
    [InlineData("\0\0", "f:1: column 1: a NUL byte; the file was damaged, as by a full disk")]
    [InlineData("""{"s": "abc""", "f:1: column 11: the line ends inside a string")]
    [InlineData("""{"s": "abc\""", "f:1: column 12: the line ends inside a string")]
    [InlineData("""{"s": [1, """, "f:1: column 11: the line ends inside an object or array")]
    [InlineData("""{"s": {"a": 1""", "f:1: column 14: the line ends inside an object")]
    [InlineData("""{"s" """, "f:1: column 6: the line ends inside an object")]
    [InlineData("{\n \"s\": 1,\n \"t\": nil}", "f:3: column 7: this is no JSON value")]
    public void What_is_not_json_is_said_with_its_place(string text, string message) =>
        Assert.Equal(message, Assert.Throws<DataException>(() => Parse(text)).Message);

    [Fact]
    public void A_hundred_thousand_brackets_are_refused_without_harm() =>
        Assert.Equal("f:1: column 257: nested more than 256 levels deep",
            Assert.Throws<DataException>(() => Parse(new string('[', 100_000))).Message);

    [Fact]
    public void A_million_keys_are_held_against_each_other_in_time()
    {
        var keys = string.Join(',', Enumerable.Range(0, 100_000).Select(i => $"\"{i}\":0"));

        Assert.Equal(JsonValueKind.Object, Parse($"{{{keys}}}").ValueKind);
        Assert.EndsWith("key \"7\" occurs twice in one object",
            Assert.Throws<DataException>(() => Parse($"{{{keys},\"7\":1}}")).Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("""{"x":9223372036854775807,"y":-9223372036854775808}""")]
    [InlineData("""{"x":18446744073709551615,"y":123456789012345678901234567890}""")]
    [InlineData("""{"x":[0.1,1e-07,100000.0,0,-0.0,5e-324,1.7976931348623157e+308,1e-400]}""")]
    [InlineData("""{"a":null,"b":[],"c":{},"d":"","e":false,"f":true,"":{"a":1}}""")]
    [InlineData("""{"s":"\u00e9\ud83d\ude00\n\t\"\\\/\b\f\r\u0000é🙂"}""")]
    public void What_is_json_comes_through_digit_by_digit(string text) =>
        Assert.Equal(text, Parse($" {text}\r").GetRawText());

    [Fact]
    public void Any_cut_or_changed_byte_is_an_error_in_words_or_json()
    {
        var text = Encoding.UTF8.GetBytes(
            """{"a": [1, -2.5e3, "x\u00e9\ud83d\ude00\n"], "é": {"b": null, "c": [true, false, {}]}}""");
        var chance = new Random(1);
        for (var trial = 0; trial < 5_000; trial++)
        {
            var bytes = text[..chance.Next(text.Length + 1)];
            for (var i = chance.Next(3); i > 0 && bytes.Length > 0; i--)
            {
                bytes[chance.Next(bytes.Length)] = (byte)chance.Next(256);
            }

            var ours = Record.Exception(() => new JsonScanner(bytes, new SourceLine("f", 1), 1, "line").Parse());
            var theirs = Record.Exception(() => JsonDocument.Parse(bytes).Dispose());
            Assert.True(ours is null or DataException, $"{ours}");
            Assert.True(ours is not null || theirs is null, $"accepted {Encoding.UTF8.GetString(bytes)}");
        }
    }
}
