using System.CommandLine;
using System.Reflection;
using Hone.Cli.Syntax;

namespace Hone.Cli;

/// <summary>Runs one command from its words to its exit code.</summary>
internal static class CommandLine
{
    /// <summary>The version of the program.</summary>
    public static string Version { get; } =
        typeof(CommandLine).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()!.InformationalVersion;

    /// <summary>Runs a command.</summary>
    /// <param name="words">The arguments of the process.</param>
    /// <param name="session">What the command works with.</param>
    public static ExitCode Run(IReadOnlyList<string> words, Session session)
    {
        try
        {
            var code = words is ["--version"] ? WriteVersion(session.Terminal.Output) : Invoke(words, session);
            session.Terminal.Output.Flush();
            return code;
        }
        catch (Exception error)
        {
            Failure.Tell(error, session.Terminal.Errors, Environment.GetEnvironmentVariable("HONE_TRACE") == "1");
            return Failure.CodeOf(error);
        }
    }

    private static ExitCode WriteVersion(TextWriter output)
    {
        output.WriteLine($"hone {Version}");
        return ExitCode.Done;
    }

    private static ExitCode Invoke(IReadOnlyList<string> words, Session session)
    {
        var parsed = HoneSyntax.Root(session, words).Parse(words);
        if (SyntaxErrors.Of(parsed) is [_, ..] problems)
        {
            foreach (var problem in problems)
            {
                session.Terminal.Errors.WriteLine(problem);
            }

            return ExitCode.BadInput;
        }

        return (ExitCode)parsed.Invoke(new InvocationConfiguration
        {
            Output = session.Terminal.Output,
            Error = session.Terminal.Errors,
            EnableDefaultExceptionHandler = false,
            ProcessTerminationTimeout = null,
        });
    }
}
