namespace Hone.Cli.Tests.Commands;

public sealed class TokenizerCommandTests : IDisposable
{
    private readonly ScratchFolder _scratch = new();

    public TokenizerCommandTests() => _scratch.File(
        "texts.txt", string.Concat(Enumerable.Range(0, 300).Select(i => $"the cat number {i} sat on the mat\n")));

    private string Texts => Path.Combine(_scratch.Path, "texts.txt");

    private string Output => Path.Combine(_scratch.Path, "out");

    [Theory]
    [InlineData("bpe", 280)]
    [InlineData("unigram", 40)]
    [InlineData("wordpiece", 60)]
    [InlineData("wordlevel", 8)]
    public void A_tokenizer_is_learnt_and_can_be_used(string kind, int size)
    {
        var run = new HoneRun(
            "tokenizer", "train", "--kind", kind, "--vocab-size", $"{size}", "--input", Texts, "--output", Output,
            "--json");

        Assert.Equal((ExitCode.Done, ""), (run.Code, run.Errors));
        Assert.StartsWith(
            $"{{\"folder\":\"{Output}\",\"kind\":\"{kind}\",\"vocabulary\":{size},\"texts\":",
            run.Output,
            StringComparison.Ordinal);
        Assert.Equal(ExitCode.Done, new HoneRun("tokenize", Output, "--text", "the cat").Code);
    }

    [Fact]
    public void People_are_told_how_well_it_does()
    {
        var run = new HoneRun(
            "tokenizer", "train", "--vocab-size", "280", "--input", Texts, "--output", Output, "--special",
            "<|im_end|>");

        Assert.StartsWith($"{Output}: 280 tokens from 1 texts; ", run.Output, StringComparison.Ordinal);
        Assert.Equal("1 tokens: 1=<|im_end|>\n", new HoneRun("tokenize", Output, "--text", "<|im_end|>").Output);
    }

    [Theory]
    [InlineData("--vocab-size 257", "--vocab-size: must be more than the 257 tokens that are there from the start "
        + "(special tokens and 256 bytes), got 257")]
    [InlineData("--kind unigram --vocab-size 3", "--vocab-size: must be more than the 3 tokens that are there from "
        + "the start (special tokens), got 3")]
    [InlineData("--byte-fallback", "--byte-fallback: must go with --kind unigram, got bpe")]
    [InlineData("--kind wordlevel --max-token-length 3", "--max-token-length: must go with --kind bpe or unigram, got "
        + "wordlevel")]
    [InlineData("--kind unigram --pattern gpt2", "--pattern: must go with --kind bpe, got unigram")]
    [InlineData("--kind wordpiece --normalize nfc", "--normalize: must go with --kind bpe, unigram or wordlevel, got "
        + "wordpiece, which has BERT's own")]
    [InlineData("--kind unigram --min-frequency 3", "--min-frequency: must go with --kind bpe, wordpiece or wordlevel, "
        + "got unigram")]
    [InlineData("--limit-alphabet 5", "--limit-alphabet: must go with --kind wordpiece, got bpe")]
    [InlineData("--special ", "--special: must be a text, got nothing")]
    [InlineData("--kind bpe2", "--kind: must be bpe, unigram, wordpiece or wordlevel, got bpe2")]
    public void What_does_not_fit_together_is_refused(string words, string message)
    {
        var run = new HoneRun(
            ["tokenizer", "train", "--input", Texts, "--output", Output, .. words.Split(' ')]);

        Assert.Equal((ExitCode.BadInput, $"hone tokenizer train: {message}"), (run.Code, run.Errors.Split('\n')[0]));
        Assert.False(Directory.Exists(Output));
    }

    [Fact]
    public void Texts_that_cannot_be_read_leave_nothing_behind()
    {
        var rows = _scratch.File("rows.jsonl", "{\"text\":\"a\"}\n{\"texts\":\"b\"}\n");

        var run = new HoneRun("tokenizer", "train", "--input", rows, "--output", Output);

        Assert.Equal(
            (ExitCode.BadInput, $"{rows}:2: \"text\" is missing; this line has \"texts\"\n"), (run.Code, run.Errors));
        Assert.False(Directory.Exists(Output));
    }

    [Fact]
    public void A_tokenizer_that_is_there_is_not_overwritten()
    {
        TinyTokenizer.Write(_scratch.Path);

        var run = new HoneRun("tokenizer", "train", "--input", Texts, "--output", _scratch.Path);

        Assert.Equal(
            (ExitCode.BadInput,
                $"hone tokenizer train: --output: {_scratch.Path} must not hold a tokenizer yet, it does; give "
                + "another folder\n"),
            (run.Code, run.Errors));
    }

    public void Dispose() => _scratch.Dispose();
}
