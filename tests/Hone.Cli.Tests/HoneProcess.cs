using System.Diagnostics;

namespace Hone.Cli.Tests;

/// <summary>Starts <c>hone</c> as a process of its own.</summary>
internal static class HoneProcess
{
    /// <summary>How to start it: its output is read, and it can be interrupted.</summary>
    /// <remarks>What a shell puts into the background ignores interruptions, and so does everything started from there:
    /// the tests may run so, and <c>hone</c> must not.</remarks>
    /// <param name="program">The program, a <c>hone.dll</c>.</param>
    /// <param name="words">Its arguments.</param>
    public static ProcessStartInfo StartInfo(string program, IEnumerable<string> words) =>
        new("env", ["--default-signal=INT", "dotnet", program, .. words])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
}
