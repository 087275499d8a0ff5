namespace Hone.Cli.Tests.Commands;

public sealed class DataCommandTests : IDisposable
{
    private const string Template =
        "{% for m in messages %}{{ m.role[0] }}{{ m.content }}{% if m.role == 'assistant' %}</s>{% endif %}{% endfor %}"
        + "{% if add_generation_prompt %}a{% endif %}";

    private readonly ScratchFolder _scratch = new();

    public DataCommandTests()
    {
        TinyTokenizer.Write(_scratch.Path);
        _scratch.File("chat_template.jinja", Template);
    }

    [Fact]
    public void A_conversation_shows_which_tokens_are_trained_by_the_model_s_own_template()
    {
        var rows = _scratch.File(
            "rows.jsonl", "{\"messages\":[{\"role\":\"user\",\"content\":\"q\\n\"},{\"role\":\"assistant\",\"content\":\"yo\"}]}\n");

        var run = new HoneRun("data", "preview", rows, "--model", _scratch.Path);

        Assert.Equal((ExitCode.Done, ""), (run.Code, run.Errors));
        Assert.Equal($"{rows}:1: 7 tokens, 3 trained\nu|q|Ċ|a|«y|o|</s>»\n", run.Output);
    }

    [Fact]
    public void A_row_is_an_object_for_machines()
    {
        var rows = _scratch.File("rows.jsonl", "{\"prompt\":\"a\",\"completion\":\"b\"}\n{\"prompt\":\"c\",\"completion\":\"d\"}\n");

        var run = new HoneRun("data", "preview", rows, "--model", _scratch.Path, "--rows", "1", "--json");

        Assert.Equal(
            $"{{\"at\":\"{rows}:1\",\"ids\":[256,97,98,257],\"tokens\":[\"<s>\",\"a\",\"b\",\"</s>\"],\"trained\":[false,false,true,true]}}\n",
            run.Output);
    }

    [Fact]
    public void A_file_of_rows_wants_a_model()
    {
        var run = new HoneRun("data", "preview", "rows.jsonl");

        Assert.Equal(
            (ExitCode.BadInput, "hone data preview: must be given --model with a file of rows\n"), (run.Code, run.Errors));
    }

    public void Dispose() => _scratch.Dispose();
}
