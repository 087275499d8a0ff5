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
        Assert.IsType<PreferenceRow>(Only("""{"prompt": "a", "chosen": "b", "rejected": "c"}"""));
        Assert.IsType<PreferenceRow>(Only("""{"chosen": "b", "rejected": "c", "score": 1}"""));
    }

    [Theory]
    [InlineData("The sky is blue.", "The sky is green.", "The sky is", " blue.", " green.")]
    [InlineData("The sky is blue.", "The sky is black.", "The sky is bl", "ue.", "ack.")]
    [InlineData("abc ", "xyz", "", "abc ", "xyz")]
    [InlineData("abc", "abcde", "abc", "", "de")]
    [InlineData("", "a", "", "", "a")]
    [InlineData("ab😀", "ab😁", "ab", "😀", "😁")]
    public void A_prompt_that_answers_begin_with_is_what_they_share(
        string chosen, string rejected, string prompt, string restOfChosen, string restOfRejected)
    {
        var row = Assert.IsType<PreferenceRow>(Only($$"""{"chosen": "{{chosen}}", "rejected": "{{rejected}}"}"""));

        Assert.Equal(new PlainText(prompt), row.Prompt);
        Assert.Equal((new PlainText(restOfChosen), new PlainText(restOfRejected)), (row.Chosen, row.Rejected));
    }

    [Fact]
    public void Conversations_share_their_first_messages_whatever_a_prompt_in_text_says()
    {
        var row = Assert.IsType<PreferenceRow>(Only("""
            {"prompt": "hi", "chosen": [{"role": "user", "content": "hi"}, {"role": "assistant", "content": "a"}],
            "rejected": [{"role": "user", "content": "hi"}, {"role": "assistant", "content": "b"}]}
            """.ReplaceLineEndings(" ")));

        Assert.Equal([new Message("user", "hi")], Assert.IsType<Dialogue>(row.Prompt).Messages);
        Assert.Equal([new Message("assistant", "a")], Assert.IsType<Dialogue>(row.Chosen).Messages);
        Assert.Equal([new Message("assistant", "b")], Assert.IsType<Dialogue>(row.Rejected).Messages);
    }

    [Theory]
    [InlineData(
        """{"prompt": "a", "chosen": "b", "rejected": [{"role": "assistant", "content": "a"}]}""",
        "a.jsonl:1: prompt, chosen and rejected must all be text or all be messages, got some of each")]
    [InlineData(
        """{"chosen": [{"role": "user", "content": "a"}], "rejected": [{"role": "user", "content": "a"}]}""",
        "a.jsonl:1: chosen and rejected must each hold a message that the other does not, they share their first 1 "
            + "and one of them ends there")]
    public void Preferences_that_do_not_fit_together_are_refused(string line, string message) =>
        Assert.Equal(message, Scratch.Error("a.jsonl", line));

    [Fact]
    public void A_prompt_keeps_every_other_column_by_name()
    {
        var row = Assert.IsType<PromptRow>(
            Only("""{"question": "2+2?", "answer": 4, "tags": ["x"]}""", Map(("prompt", "question"))));

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
    [InlineData("""{"prompt": 1, "completion": "b"}""",
        "a.jsonl:1: \"prompt\" must be a string or a list of messages, got 1")]
    [InlineData("""{"prompt": "a", "completion": ""}""",
        "a.jsonl:1: \"completion\" must be a non-empty string or a list of messages, got \"\"")]
    [InlineData("""{"prompt": "a", "completion": [{"role": "assistant", "content": "b"}]}""",
        "a.jsonl:1: prompt and completion must both be text or both be messages, got one of each")]
    [InlineData("""{"prompt": []}""", "a.jsonl:1: \"prompt\" must be a non-empty list of messages, got []")]
    [InlineData("""{"messages": "a"}""", "a.jsonl:1: \"messages\" must be a non-empty list of messages, got \"a\"")]
    [InlineData("""{"messages": ["a"]}""",
        "a.jsonl:1: \"messages[0]\" must be an object with role and content, got \"a\"")]
    [InlineData("""{"messages": [{"role": "user", "content": "a"}, {"role": "user"}]}""",
        "a.jsonl:1: \"messages[1].content\" is missing; this message has \"role\"")]
    [InlineData("""{"messages": [{"role": "user", "content": null}]}""",
        "a.jsonl:1: \"messages[0].content\" must be a string, got null")]
    [InlineData("""{"question": "a"}""",
        "a.jsonl:1: a column text, messages, prompt or chosen must be there; this row has \"question\"; name them "
            + "under columns")]
    [InlineData("""{"data": [{"text": "a"}]}""",
        "a.jsonl:1: a column text, messages, prompt or chosen must be there; this row has \"data\"; if the rows are "
            + "in \"data\", set field: data")]
    [InlineData("""{"text": "a", "prompt": "b"}""", "a.jsonl:1: the row could be text or prompt; say which with shape")]
    [InlineData("""{}""",
        "a.jsonl:1: a column text, messages, prompt or chosen must be there; this row has no fields; name them under "
            + "columns")]
    public void A_row_that_does_not_fit_is_refused(string lines, string message) =>
        Assert.Equal(message, Scratch.Error("a.jsonl", lines.Replace("} {", "}\n{", StringComparison.Ordinal)));

    [Fact]
    public void Mapped_columns_are_called_as_the_file_calls_them()
    {
        Assert.Equal("a.jsonl:1: \"question\" is missing; this row has \"text\"",
            Scratch.Error(
                "a.jsonl", """{"text": "a"}""", Map(("prompt", "question")) with { Shape = RowShape.Prompt }));
        Assert.Equal("a.jsonl:1: \"input\" must be a string, got 3",
            Scratch.Error("a.jsonl", """{"task": "a", "input": 3}""", Map(("prompt", "task + input"))));
        Assert.Equal("a.jsonl:1: \"task\" and \"input\" must not all be empty",
            Scratch.Error(
                "a.jsonl", """{"prompt": "a", "task": "", "input": ""}""", Map(("completion", "task + input"))));
    }

    [Fact]
    public void A_long_value_is_shown_by_its_beginning() => Assert.Equal(
        $"a.jsonl:1: \"text\" must be a non-empty string, got an array of 50 elements",
        Scratch.Error("a.jsonl", $"{{\"text\": [{string.Join(',', Enumerable.Range(100, 50))}]}}"));
}
