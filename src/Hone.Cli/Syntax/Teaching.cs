using System.CommandLine;
using System.CommandLine.Help;

namespace Hone.Cli.Syntax;

/// <summary>Ends the help of commands with examples.</summary>
internal static class Teaching
{
    /// <summary>Gives a command a help of its own; commands below it keep theirs.</summary>
    /// <param name="command">The command.</param>
    /// <param name="terminal">How wide lines may be.</param>
    /// <param name="examples">What somebody could type, whole commands.</param>
    public static void Teach(this Command command, Terminal terminal, params IReadOnlyList<string> examples)
    {
        var help = command.Options.OfType<HelpOption>().FirstOrDefault();
        if (help is null)
        {
            help = new HelpOption();
            command.Options.Add(help);
        }

        help.Description = "Show this help";
        help.Action = new TeachingHelp(terminal, examples);
    }
}
