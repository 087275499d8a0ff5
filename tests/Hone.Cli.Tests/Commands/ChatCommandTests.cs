namespace Hone.Cli.Tests.Commands;

public sealed class ChatCommandTests : IDisposable
{
    private const string Note =
        "note: the model comes with no chat template; conversations are laid out as ChatML, as far as its tokenizer "
            + "has the tokens\n";

    private readonly ScratchFolder _scratch = new();

    public ChatCommandTests() => TinyModel.Write(_scratch.Path, stopTokens: 257);

    [Fact]
    public void What_was_said_before_counts_until_it_is_reset()
    {
        var first = Chat("hi\n");
        var again = Chat("hi\n/reset\nhi\n");

        Assert.Equal(ExitCode.Done, first.Code);
        Assert.NotEqual("\n", first.Output);
        Assert.Equal(first.Output + first.Output, again.Output);
        Assert.NotEqual(first.Output + first.Output, Chat("hi\nhi\n").Output);
    }

    [Fact]
    public void Speculation_is_told_at_the_end_and_changes_no_answer()
    {
        var run = new HoneRun(
            "hi\nhi\n", ["chat", _scratch.Path, "--max-new-tokens", "4", "--speculate", _scratch.Path]);

        // Two answers of 4 tokens: the first token comes with the prompt, 2 drafted and the last from one pass.
        Assert.Equal(Chat("hi\nhi\n").Output, run.Output);
        Assert.Equal(
            Note + "speculation: 4 of 4 drafted tokens were right (100 %); 8 new tokens in 4 passes\n", run.Errors);
    }

    [Fact]
    public void Nothing_is_answered_after_exit()
    {
        Assert.Equal((ExitCode.Done, "", Note), Result(Chat("\n/exit\nhi\n")));
    }

    [Fact]
    public void An_unknown_command_is_named_and_the_chat_goes_on()
    {
        var run = Chat("/rest\n/exit\n");

        Assert.Equal((ExitCode.Done, ""), (run.Code, run.Output));
        Assert.Equal(
            Note + "/rest: must be /reset or /exit; a line that begins otherwise is said to the model\n", run.Errors);
    }

    [Fact]
    public void A_conversation_that_has_grown_too_long_is_told_and_can_be_reset()
    {
        var run = Chat($"{new string('a', 70)}\n/reset\nhi\n");

        // "user\n" + 70 letters + </s> + "\nassistant\n" are 5 + 70 + 1 + 11 tokens.
        Assert.Equal(
            Note + "the conversation must fit the model's context of 64 tokens, it has 87; /reset begins a new one\n",
            run.Errors);
        Assert.Equal(Chat("hi\n").Output, run.Output);
    }

    public void Dispose() => _scratch.Dispose();

    private static (ExitCode Code, string Output, string Errors) Result(HoneRun run) =>
        (run.Code, run.Output, run.Errors);

    private HoneRun Chat(string input) => new(input, ["chat", _scratch.Path, "--max-new-tokens", "4"]);
}
