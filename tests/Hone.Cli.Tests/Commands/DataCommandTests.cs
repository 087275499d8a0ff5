namespace Hone.Cli.Tests.Commands;

public sealed class DataCommandTests : IDisposable
{
    private const string Template =
        "{% for m in messages %}{{ m.role[0] }}{{ m.content }}{% if m.role == 'assistant' %}</s>{% endif %}{% endfor %}"
        + "{% if add_generation_prompt %}a{% endif %}";

    private const string Legend = "«trained»  given  | between tokens, a line for each part\n";

    private const string Chat =
        "{\"messages\":[{\"role\":\"user\",\"content\":\"q\\n\"},{\"role\":\"assistant\",\"content\":\"yo\"}]}\n";

    private const string Preference =
        "{\"prompt\":[{\"role\":\"user\",\"content\":\"q\"}],"
        + "\"chosen\":[{\"role\":\"assistant\",\"content\":\"a\"}],"
        + "\"rejected\":[{\"role\":\"assistant\",\"content\":\"b\"}]}\n";

    private readonly ScratchFolder _scratch = new();

    public DataCommandTests()
    {
        TinyTokenizer.Write(_scratch.Path);
        _scratch.File("chat_template.jinja", Template);
    }

    [Fact]
    public void A_conversation_shows_which_tokens_are_trained_by_the_model_s_own_template()
    {
        var rows = _scratch.File("rows.jsonl", Chat);

        var run = new HoneRun("data", "preview", rows, "--model", _scratch.Path);

        Assert.Equal((ExitCode.Done, ""), (run.Code, run.Errors));
        Assert.Equal(
            $"{Legend}{rows}:1: 7 tokens, 3 trained\n  user       u|q|Ċ\n  assistant  a|«y|o|</s>»\n", run.Output);
    }

    [Fact]
    public void A_row_is_an_object_for_machines()
    {
        var rows = _scratch.File(
            "rows.jsonl", "{\"prompt\":\"a\",\"completion\":\"b\"}\n{\"prompt\":\"c\",\"completion\":\"d\"}\n");

        var run = new HoneRun("data", "preview", rows, "--model", _scratch.Path, "--rows", "1", "--json");

        Assert.Equal(
            $"{{\"at\":\"{rows}:1\",\"ids\":[256,97,98,257],\"tokens\":[\"<s>\",\"a\",\"b\",\"</s>\"],"
            + "\"trained\":[false,false,true,true],"
            + "\"sections\":[{\"name\":\"prompt\",\"start\":0},{\"name\":\"completion\",\"start\":2}]}\n",
            run.Output);
    }

    [Fact]
    public void A_template_is_chosen_and_given_what_it_needs()
    {
        var rows = _scratch.File("rows.jsonl", Chat);
        var template = _scratch.File(
            "mine.jinja", "{{ tools[0].name }}{{ mood }}{% for m in messages %}{{ m.content }}</s>{% endfor %}");
        var tools = _scratch.File("tools.json", """[{"name": "f"}]""");

        var run = new HoneRun(
            "data", "preview", rows, "--model", _scratch.Path, "--template", template, "--tools", tools,
            "--template-set", "mood=!", "--json");

        Assert.Equal((ExitCode.Done, ""), (run.Code, run.Errors));
        Assert.Contains(
            "\"tokens\":[\"f\",\"!\",\"q\",\"Ċ\",\"</s>\",\"y\",\"o\",\"</s>\"]", run.Output, StringComparison.Ordinal);
    }

    [Fact]
    public void A_conversation_that_becomes_several_examples_shows_each_of_them()
    {
        var rows = _scratch.File(
            "rows.jsonl",
            """{"messages": [{"role": "user", "content": "q"}, {"role": "assistant", "content": "a"}, """
            + """{"role": "user", "content": "r"}, {"role": "assistant", "content": "b"}]}""");
        _scratch.File(
            "chat_template.jinja",
            "{% for m in messages %}{% if loop.last and m.role != 'user' %}!{% endif %}{{ m.content }}</s>{% endfor "
                + "%}");

        var run = new HoneRun("data", "preview", rows, "--model", _scratch.Path);

        Assert.Equal(
            $"""
            {Legend}{rows}:1, example 1 of 2: 9 tokens, 3 trained
              user             q|</s>
              assistant, user  a|</s>|r|</s>
              assistant        «!|b|</s>»
            {rows}:1, example 2 of 2: 5 tokens, 3 trained
              user       q|</s>
              assistant  «!|a|</s>»

            """,
            run.Output);
    }

    [Fact]
    public void The_method_of_a_recipe_says_what_its_rows_are()
    {
        var rows = _scratch.File("rows.jsonl", """{"prompt": "a", "chosen": "b", "rejected": "c"}""");
        var recipe = _scratch.File(
            "run.yaml",
            $$"""
            method: dpo
            seed: 1
            steps: 1
            output: runs/out
            model: {path: {{_scratch.Path}}}
            data: {train: {path: {{rows}}}, max_length: 64}
            """);

        var run = new HoneRun("data", "preview", recipe);

        Assert.Equal("", run.Errors);
        Assert.Contains($"{rows}:1, example 2 of 2: ", run.Output, StringComparison.Ordinal);
        Assert.Contains("  rejected ", run.Output, StringComparison.Ordinal);
    }

    [Fact]
    public void What_is_odd_about_rows_is_told()
    {
        var rows = _scratch.File("rows.jsonl", Chat);
        _scratch.File("chat_template.jinja", "{% for m in messages %}{{ m.role }}{% endfor %}");

        var run = new HoneRun("data", "preview", rows, "--model", _scratch.Path);

        Assert.Equal(
            $"warning: {rows}:1: the chat template does not show what an assistant's turn says, so that it is not "
                + "trained\nwarning: no row shown trains a token that stops; a run refuses data of which none does\n",
            run.Errors);
    }

    [Theory]
    [InlineData(Chat)]
    [InlineData(Preference)]
    public void That_a_model_brings_no_template_is_told(string rows)
    {
        File.Delete(Path.Combine(_scratch.Path, "chat_template.jinja"));

        var run = new HoneRun("data", "preview", _scratch.File("rows.jsonl", rows), "--model", _scratch.Path);

        Assert.Equal(
            "note: the model comes with no chat template; conversations are laid out as ChatML, as far as its "
                + "tokenizer has the tokens\n",
            run.Errors);
    }

    [Theory]
    [InlineData("{", "must be a JSON list of objects, but line 1 is not JSON")]
    [InlineData("[1]", "must be a JSON list of objects, got other JSON")]
    [InlineData(null, "must be a file, there is none")]
    public void Tools_must_be_a_list_of_objects(string? content, string problem)
    {
        var tools = content is null ? "/no/tools.json" : _scratch.File("tools.json", content);

        var run = new HoneRun(
            "data", "preview", _scratch.File("rows.jsonl", Chat), "--model", _scratch.Path, "--tools", tools);

        Assert.Equal((ExitCode.BadInput, $"--tools {tools}: {problem}\n"), (run.Code, run.Errors));
    }

    [Fact]
    public void A_file_of_rows_wants_a_model()
    {
        var run = new HoneRun("data", "preview", "rows.jsonl");

        Assert.Equal(
            (ExitCode.BadInput, "hone data preview: must be given --model with a file of rows\n"),
            (run.Code, run.Errors));
    }

    public void Dispose() => _scratch.Dispose();
}
