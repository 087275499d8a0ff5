using Hone.Data.Hub;

namespace Hone.Cli.Tests;

/// <summary>Runs <c>hone</c> inside the test's process, as its <c>Main</c> does.</summary>
internal sealed class HoneRun
{
    public HoneRun(params string[] words)
        : this("", words)
    {
    }

    public HoneRun(string input, string[] words)
        : this(HubEnvironment.OfThisProcess(), input, words)
    {
    }

    public HoneRun(HubEnvironment hub, string input, string[] words)
    {
        using var interruption = new Interruption(TimeProvider.System);
        using var output = new StringWriter { NewLine = "\n" };
        using var errors = new StringWriter { NewLine = "\n" };
        Code = CommandLine.Run(words, new Session(new Terminal(new StringReader(input), output, errors), interruption)
        {
            Environment = hub,
        });
        Output = output.ToString();
        Errors = errors.ToString();
    }

    public ExitCode Code { get; }

    public string Output { get; }

    public string Errors { get; }
}
