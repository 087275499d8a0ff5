namespace Hone.Data.Tests.Reading;

public sealed class InputsReaderTests
{
    private const string Turns = "\"messages\": [{\"role\": \"user\", \"content\": \"a\"}]";

    [Fact]
    public void A_row_gives_its_template_tools_documents_and_variables()
    {
        var row = Assert.IsType<ConversationRow>(Assert.Single(Scratch.Rows(
            "a.jsonl",
            "{" + Turns + """, "tools": "[{\"name\": \"f\"}]", "documents": [{"title": "t"}], """
            + """ "chat_template_kwargs": {"x": false}}""")));

        Assert.Equal("f", row.Inputs!.Tools!.Value[0].GetProperty("name").GetString());
        Assert.Equal("t", row.Inputs.Documents!.Value[0].GetProperty("title").GetString());
        Assert.False(row.Inputs.Variables["x"].GetBoolean());
    }

    [Fact]
    public void Without_these_columns_or_with_empty_ones_there_is_nothing()
    {
        Assert.Null(Assert.IsType<ConversationRow>(Assert.Single(
            Scratch.Rows("a.jsonl", "{" + Turns + "}"))).Inputs);
        Assert.Null(Assert.IsType<ConversationRow>(Assert.Single(
            Scratch.Rows("a.jsonl", "{" + Turns + """, "tools": [], "documents": null}"""))).Inputs);
    }

    [Theory]
    [InlineData("\"tools\": 3", "\"tools\" must be a list, got 3")]
    [InlineData("\"tools\": \"[1\"", "\"tools\" must be a list or its JSON text, got \"[1\"")]
    [InlineData("\"tools\": \"[1]\"", "\"tools[0]\" must be an object, got 1")]
    [InlineData("\"documents\": [{}, \"x\"]", "\"documents[1]\" must be an object, got \"x\"")]
    [InlineData("\"chat_template_kwargs\": []", "\"chat_template_kwargs\" must be an object, got []")]
    public void Other_values_are_refused(string column, string problem) =>
        Assert.Equal($"a.jsonl:1: {problem}", Scratch.Error("a.jsonl", "{" + Turns + ", " + column + "}"));
}
