using Hone.Text;

namespace Hone.Data.Tests.Reading;

public sealed class RowMapperTests
{
    private static DataSourceOptions Map(params (string Ours, string Theirs)[] columns) =>
        Scratch.Options with { Columns = columns.ToDictionary(pair => pair.Ours, pair => pair.Theirs) };

    private static Row Only(string line, DataSourceOptions? options = null) =>
        Assert.Single(Scratch.Rows("a.jsonl", line, options));

    [Fact]
    public void The_shape_is_told_from_the_columns()
    {
        Assert.IsType<TextRow>(Only("""{"text": "a", "source": "b"}"""));
        Assert.IsType<PromptCompletionRow>(Only("""{"prompt": "a", "completion": "b"}"""));
        Assert.IsType<ConversationRow>(Only("""{"messages": [{"role": "user", "content": "a"}]}"""));
        Assert.IsType<ConversationRow>(Only("""{"conversations": [{"role": "user", "content": "a"}]}"""));
        Assert.IsType<PromptRow>(Only("""{"prompt": "a", "answer": 4}"""));
    }

    [Fact]
    public void A_prompt_keeps_every_other_column_by_name()
    {
        var row = Assert.IsType<PromptRow>(Only("""{"question": "2+2?", "answer": 4, "tags": ["x"]}""", Map(("prompt", "question"))));

        Assert.Equal("2+2?", Assert.IsType<PlainText>(row.Prompt).Text);
        Assert.Equal(["answer", "tags"], row.Columns.Keys);
        Assert.Equal(4, row.Columns["answer"].GetInt32());
    }

    [Fact]
    public void Prompt_and_completion_may_be_messages()
    {
        var row = Assert.IsType<PromptCompletionRow>(Only(
            """{"prompt": [{"role": "user", "content": "hi"}], "completion": [{"role": "assistant", "content": ""}]}"""));

        Assert.Equal([new Message("user", "hi")], Assert.IsType<Dialogue>(row.Prompt).Messages);
        Assert.Equal([new Message("assistant", "")], Assert.IsType<Dialogue>(row.Completion).Messages);
    }

    [Fact]
    public void Several_columns_make_one_text_and_empty_ones_are_left_out()
    {
        var alpaca = Map(("prompt", "instruction + input"), ("completion", "output"));
        var rows = Scratch.Rows("a.jsonl", """
            {"instruction": "Add.", "input": "1 2", "output": "3"}
            {"instruction": "Joke.", "input": "", "output": "Ha."}
            {"instruction": "Wait.", "input": null, "output": "Ok."}
            """, alpaca);

        Assert.Equal(
            ["Add.\n1 2", "Joke.", "Wait."], rows.Select(row => ((PlainText)((PromptCompletionRow)row).Prompt).Text));
    }

    [Fact]
    public void Turns_of_sharegpt_are_messages()
    {
        var row = Assert.IsType<ConversationRow>(Only(
            """{"turns": [{"from": "human", "value": "a"}, {"from": "gpt", "value": "b"}, {"from": "system", "value": "c"}]}""",
            Map(("messages", "turns"))));

        Assert.Equal(
            [new Message("user", "a"), new Message("assistant", "b"), new Message("system", "c")], row.Messages);
    }

    [Fact]
    public void An_empty_prompt_is_a_prompt() =>
        Assert.Equal("", Assert.IsType<PlainText>(Assert.IsType<PromptRow>(Only("""{"prompt": ""}""")).Prompt).Text);

    [Theory]
    [InlineData("""{"text": 2}""", "a.jsonl:1: \"text\" must be a non-empty string, got 2")]
    [InlineData("""{"text": ""}""", "a.jsonl:1: \"text\" must be a non-empty string, got \"\"")]
    [InlineData("""{"text": "a"} {"prompt": "a"}""", "a.jsonl:2: \"text\" is missing; this row has \"prompt\"")]
    [InlineData("""{"prompt": 1, "completion": "b"}""", "a.jsonl:1: \"prompt\" must be a string or a list of messages, got 1")]
    [InlineData("""{"prompt": "a", "completion": ""}""", "a.jsonl:1: \"completion\" must be a non-empty string or a list of messages, got \"\"")]
    [InlineData("""{"prompt": "a", "completion": [{"role": "assistant", "content": "b"}]}""", "a.jsonl:1: prompt and completion must both be text or both be messages, got one of each")]
    [InlineData("""{"prompt": []}""", "a.jsonl:1: \"prompt\" must be a non-empty list of messages, got []")]
    [InlineData("""{"messages": "a"}""", "a.jsonl:1: \"messages\" must be a non-empty list of messages, got \"a\"")]
    [InlineData("""{"messages": ["a"]}""", "a.jsonl:1: \"messages[0]\" must be an object with role and content, got \"a\"")]
    [InlineData("""{"messages": [{"role": "user", "content": "a"}, {"role": "user"}]}""", "a.jsonl:1: \"messages[1].content\" is missing; this message has \"role\"")]
    [InlineData("""{"messages": [{"role": "user", "content": null}]}""", "a.jsonl:1: \"messages[0].content\" must be a string, got null")]
    [InlineData("""{"question": "a"}""", "a.jsonl:1: a column text, messages or prompt must be there; this row has \"question\"; name them under columns")]
    [InlineData("""{"data": [{"text": "a"}]}""", "a.jsonl:1: a column text, messages or prompt must be there; this row has \"data\"; if the rows are in \"data\", set field: data")]
    [InlineData("""{"text": "a", "prompt": "b"}""", "a.jsonl:1: the row could be text or prompt; say which with shape")]
    [InlineData("""{}""", "a.jsonl:1: a column text, messages or prompt must be there; this row has no fields; name them under columns")]
    public void A_row_that_does_not_fit_is_refused(string lines, string message) =>
        Assert.Equal(message, Scratch.Error("a.jsonl", lines.Replace("} {", "}\n{", StringComparison.Ordinal)));

    [Fact]
    public void Mapped_columns_are_called_as_the_file_calls_them()
    {
        Assert.Equal("a.jsonl:1: \"question\" is missing; this row has \"text\"",
            Scratch.Error("a.jsonl", """{"text": "a"}""", Map(("prompt", "question")) with { Shape = RowShape.Prompt }));
        Assert.Equal("a.jsonl:1: \"input\" must be a string, got 3",
            Scratch.Error("a.jsonl", """{"task": "a", "input": 3}""", Map(("prompt", "task + input"))));
        Assert.Equal("a.jsonl:1: \"task\" and \"input\" must not all be empty",
            Scratch.Error("a.jsonl", """{"prompt": "a", "task": "", "input": ""}""", Map(("completion", "task + input"))));
    }

    [Fact]
    public void A_long_value_is_shown_by_its_beginning() => Assert.Equal(
        $"a.jsonl:1: \"text\" must be a non-empty string, got an array of 50 elements",
        Scratch.Error("a.jsonl", $"{{\"text\": [{string.Join(',', Enumerable.Range(100, 50))}]}}"));
}
