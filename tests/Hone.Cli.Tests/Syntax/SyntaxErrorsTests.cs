namespace Hone.Cli.Tests.Syntax;

public sealed class SyntaxErrorsTests
{
    [Theory]
    [InlineData("doctr", "hone: \"doctr\": there is no such command; did you mean doctor?\nsee `hone --help`\n")]
    [InlineData("doctor --jsn", "hone doctor: \"--jsn\": there is no such option; did you mean --json?\nsee `hone "
        + "doctor --help`\n")]
    [InlineData("doctor a b", "hone doctor: \"b\": one argument too many\nsee `hone doctor --help`\n")]
    [InlineData("tokenize", "hone tokenize: MODEL_OR_TOKENIZER: must be given\nsee `hone tokenize --help`\n")]
    [InlineData("tokenize x --input", "hone tokenize: --input: must be followed by FILE\nsee `hone tokenize --help`\n")]
    [InlineData("tokenizer", "hone tokenizer: must be followed by train\nsee `hone tokenizer --help`\n")]
    [InlineData("recipes", "hone recipes: must be followed by ls, cp or validate\nsee `hone recipes --help`\n")]
    [InlineData(
        "tokenize --inptu x --xyz",
        "hone tokenize: \"--inptu\": there is no such option; did you mean --input?\nhone tokenize: \"--xyz\": there "
            + "is no such option\nsee `hone tokenize --help`\n")]
    public void Wrong_words_are_refused_with_what_was_meant(string words, string message)
    {
        var run = new HoneRun(words.Split(' '));

        Assert.Equal((ExitCode.BadInput, "", message), (run.Code, run.Output, run.Errors));
    }
}
