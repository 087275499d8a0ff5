using System.Diagnostics;

namespace Hone.Benchmarks.Running;

/// <summary>
/// Starts the program that lies in a folder, <c>hone</c> or <c>dotnet hone.dll</c>, as a process of its own.
/// </summary>
/// <remarks>Its standard input stays open for as long as this process lives, so that it can tell when it is
/// alone.</remarks>
/// <param name="folder">The folder.</param>
public sealed class OwnProgram(string folder) : IProgram
{
    private const int Interrupted = 130;
    private static readonly TimeSpan Glance = TimeSpan.FromMilliseconds(200);

    /// <inheritdoc/>
    public ProgramEnd Run(IReadOnlyList<string> words, TimeSpan limit, Action<string> output, CancellationToken cancel)
    {
        cancel.ThrowIfCancellationRequested();
        using var process = Process.Start(StartInfo(words))
            ?? throw new InvalidOperationException("a new process must start, none did");
        var clock = Stopwatch.StartNew();
        var errors = process.StandardError.ReadToEndAsync(CancellationToken.None);
        var isTimedOut = false;
        using (cancel.Register(() => End(process)))
        using (new Timer(_ => isTimedOut |= clock.Elapsed > limit && End(process), null, Glance, Glance))
        {
            while (process.StandardOutput.ReadLine() is { } line)
            {
                output(line);
            }

            process.WaitForExit();
        }

        cancel.ThrowIfCancellationRequested();
        return process.ExitCode == Interrupted
            ? throw new OperationCanceledException("the process was interrupted")
            : new ProgramEnd(process.ExitCode, errors.GetAwaiter().GetResult(), isTimedOut);
    }

    /// <summary>How it is started, its three streams in the hands of this process.</summary>
    /// <param name="words">Its arguments.</param>
    public ProcessStartInfo StartInfo(IReadOnlyList<string> words)
    {
        var program = Path.Combine(folder, "hone");
        var start = File.Exists(program)
            ? new ProcessStartInfo(program, words)
            : new ProcessStartInfo("dotnet", [Path.Combine(folder, "hone.dll"), .. words]);
        start.RedirectStandardInput = true;
        start.RedirectStandardOutput = true;
        start.RedirectStandardError = true;
        return start;
    }

    private static bool End(Process process)
    {
        try
        {
            process.Kill(entireProcessTree: true);
            return true;
        }
        catch (InvalidOperationException)
        {
            return false; // it had ended already
        }
    }
}
