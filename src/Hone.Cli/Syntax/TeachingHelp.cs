using System.CommandLine;
using System.CommandLine.Help;
using System.CommandLine.Invocation;

namespace Hone.Cli.Syntax;

/// <summary>The usual help, and then what somebody could type.</summary>
/// <param name="terminal">How wide lines may be.</param>
/// <param name="examples">Whole commands.</param>
internal sealed class TeachingHelp(Terminal terminal, IReadOnlyList<string> examples) : SynchronousCommandLineAction
{
    /// <inheritdoc/>
    public override bool ClearsParseErrors => true;

    /// <inheritdoc/>
    public override int Invoke(ParseResult parseResult)
    {
        var code = new HelpAction { MaxWidth = terminal.Width }.Invoke(parseResult);
        var output = parseResult.InvocationConfiguration.Output;
        output.WriteLine("Examples:");
        foreach (var example in examples)
        {
            output.WriteLine($"  {example}");
        }

        output.WriteLine();
        return code;
    }
}
