using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Hone.Text.Reading;

namespace Hone.Text.Tests.Reading;

public sealed class JsonFaultTests
{
    private const string CutOff = "ends in line 1 before it is whole; copy or download it again";

    [Theory]
    [InlineData("", CutOff)]
    [InlineData("{", CutOff)]
    [InlineData("""{"a""", CutOff)]
    [InlineData("""{"a": tru""", CutOff)]
    [InlineData("""{"a": [12""", CutOff)]
    [InlineData("{\n\"a\": 1,\n", "ends in line 3 before it is whole; copy or download it again")]
    [InlineData("""{"a" 1}""", "line 1 is not (byte 5)")]
    [InlineData("{\n  \"a\": 1,\n}", "line 3 is not (byte 0)")]
    [InlineData("""{"a": 1}}""", "line 1 is not (byte 8)")]
    [InlineData("""{"a": {"b": 1}, "b": {"\u0062": 1, "b": 2}}""", "\"b\" stands twice in one object")]
    [InlineData("""{"a": {"b": 1}, "a": 2}""", "\"a\" stands twice in one object")]
    public void It_is_told_what_was_found(string json, string found)
    {
        var strict = new JsonDocumentOptions { AllowDuplicateProperties = false };
        var fault = Assert.ThrowsAny<JsonException>(() => JsonNode.Parse(json, documentOptions: strict));

        Assert.Equal(found, JsonFault.Describe(Encoding.UTF8.GetBytes(json), fault));
    }
}
