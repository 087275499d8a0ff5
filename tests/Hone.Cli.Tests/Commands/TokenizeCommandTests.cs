namespace Hone.Cli.Tests.Commands;

public sealed class TokenizeCommandTests : IDisposable
{
    private readonly ScratchFolder _scratch = new();

    public TokenizeCommandTests() => TinyTokenizer.Write(_scratch.Path);

    [Fact]
    public void Each_row_is_an_object_with_ids_tokens_offsets_and_decoded_text()
    {
        // "é" is two bytes, C3 A9, shown as the letters Ã and ©, and one code point.
        var rows = _scratch.File("rows.jsonl", "{\"text\":\"aé\"}\n{\"text\":\"\"}\n");

        var run = new HoneRun("tokenize", _scratch.Path, "--input", rows, "--json");

        Assert.Equal(
            "{\"ids\":[256,97,195,169],\"tokens\":[\"<s>\",\"a\",\"Ã\",\"©\"],\"offsets\":[0,0,0,1,1,2,1,2],\"decoded\":\"<s>aé\"}\n"
            + "{\"ids\":[256],\"tokens\":[\"<s>\"],\"offsets\":[0,0],\"decoded\":\"<s>\"}\n",
            run.Output);
        Assert.Equal((ExitCode.Done, ""), (run.Code, run.Errors));
    }

    [Fact]
    public void What_the_post_processor_adds_can_be_left_out()
    {
        var rows = _scratch.File("rows.jsonl", "{\"text\":\"a</s>\"}\n");

        var run = new HoneRun(
            "tokenize", Path.Combine(_scratch.Path, "tokenizer.json"), "--input", rows, "--no-special", "--json");

        Assert.Equal(
            "{\"ids\":[97,257],\"tokens\":[\"a\",\"</s>\"],\"offsets\":[0,1,1,5],\"decoded\":\"a</s>\"}\n", run.Output);
    }

    [Fact]
    public void A_text_is_shown_to_people_with_its_pieces()
    {
        var run = new HoneRun("tokenize", _scratch.Path, "--text", "a \"");

        Assert.Equal("4 tokens: 256=<s> 97=a 32=Ġ 34=\\\"\n", run.Output);
    }

    [Theory]
    [InlineData("{\"texts\":\"a\"}", "\"text\" is missing; this line has \"texts\"")]
    [InlineData("{\"text\":3}", "\"text\" must be a string, got 3")]
    public void A_row_without_a_text_is_named_with_its_line(string row, string message)
    {
        var rows = _scratch.File("rows.jsonl", $"{{\"text\":\"a\"}}\n{row}\n");

        var run = new HoneRun("tokenize", _scratch.Path, "--input", rows, "--json");

        Assert.Equal((ExitCode.BadInput, $"{rows}:2: {message}\n"), (run.Code, run.Errors));
    }

    [Fact]
    public void There_must_be_one_source_of_texts()
    {
        var run = new HoneRun("tokenize", _scratch.Path);

        Assert.Equal(
            (ExitCode.BadInput, "hone tokenize: must be given either --input or --text\n"), (run.Code, run.Errors));
    }

    public void Dispose() => _scratch.Dispose();
}
