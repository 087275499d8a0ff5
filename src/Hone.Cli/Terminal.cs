using System.Text;

namespace Hone.Cli;

/// <summary>Where a command reads and writes, and what can be shown there.</summary>
/// <param name="Input">Standard input.</param>
/// <param name="Output">Standard output: results, and nothing else.</param>
/// <param name="Errors">Standard error: what went wrong and what is worth a warning.</param>
internal sealed record Terminal(TextReader Input, TextWriter Output, TextWriter Errors)
{
    /// <summary>Whether a person watches the output, so that it may move.</summary>
    public bool IsInteractive { get; init; }

    /// <summary>Whether a person types the input.</summary>
    public bool IsTyped { get; init; }

    /// <summary>Whether a person watches the errors, so that a line of progress may move there.</summary>
    public bool IsWatched { get; init; }

    /// <summary>Whether colours can be shown and are wanted.</summary>
    public bool HasColor { get; init; }

    /// <summary>Columns of a line.</summary>
    public int Width { get; init; } = 100;

    /// <summary>A terminal that nobody sees, for a process that is not the one to speak.</summary>
    public static Terminal Silent { get; } = new(TextReader.Null, TextWriter.Null, TextWriter.Null);

    /// <summary>The streams of this process, in UTF-8 whatever the locale. Output is flushed by those who write
    /// it.</summary>
    public static Terminal OfThisProcess()
    {
        var encoding = new UTF8Encoding(encoderShouldEmitUTF8Identifier: false);
        var isInteractive = !Console.IsOutputRedirected;
        return new Terminal(
            Console.In,
            new StreamWriter(Console.OpenStandardOutput(), encoding, 1 << 14),
            new StreamWriter(Console.OpenStandardError(), encoding) { AutoFlush = true })
        {
            IsInteractive = isInteractive,
            IsWatched = !Console.IsErrorRedirected,
            IsTyped = !Console.IsInputRedirected,
            HasColor = isInteractive
                && Environment.GetEnvironmentVariable("NO_COLOR") is null or ""
                && Environment.GetEnvironmentVariable("TERM") is not (null or "dumb"),
            Width = isInteractive && Console.WindowWidth is > 0 and var width ? width : 100,
        };
    }
}
