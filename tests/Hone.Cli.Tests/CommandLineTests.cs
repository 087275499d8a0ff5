using System.CommandLine;
using Hone.Cli.Syntax;

namespace Hone.Cli.Tests;

public sealed class CommandLineTests
{
    public static TheoryData<string> Commands()
    {
        using var interruption = new Interruption(TimeProvider.System);
        var session = new Session(new Terminal(TextReader.Null, TextWriter.Null, TextWriter.Null), interruption);
        return [.. HoneSyntax.Root(session, []).Subcommands.SelectMany(command => Names("", command))];
    }

    [Fact]
    public void The_version_is_one_line()
    {
        var run = new HoneRun("--version");

        Assert.Equal((ExitCode.Done, $"hone {CommandLine.Version}\n", ""), (run.Code, run.Output, run.Errors));
        Assert.Matches(@"^\d+\.\d+\.\d+$", CommandLine.Version);
    }

    [Fact]
    public void Without_a_word_it_shows_its_help()
    {
        var (bare, asked) = (new HoneRun(), new HoneRun("--help"));

        Assert.Equal((ExitCode.Done, asked.Output), (bare.Code, bare.Output));
        Assert.Contains("Examples:\n  hone recipes ls\n", bare.Output, StringComparison.Ordinal);
    }

    [Theory]
    [MemberData(nameof(Commands))]
    public void Every_command_teaches_by_examples(string words)
    {
        var run = new HoneRun([.. words.Split(' '), "--help"]);

        Assert.Equal((ExitCode.Done, ""), (run.Code, run.Errors));

        // What a command takes stands between its words: hone bench [<NAME>...] table.
        Assert.Matches($@"Usage:\n  hone {words.Replace(" ", @"( [\[<]\S+)* ")}[ \n]", run.Output);
        Assert.Contains($"Examples:\n  hone {words}", run.Output, StringComparison.Ordinal);
    }

    private static IEnumerable<string> Names(string before, Command command) =>
        command.Subcommands.SelectMany(one => Names($"{before}{command.Name} ", one)).Prepend(before + command.Name);
}
