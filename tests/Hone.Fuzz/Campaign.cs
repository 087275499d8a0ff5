using System.Diagnostics;

namespace Hone.Fuzz;

/// <summary>Many inputs for one reader, in processes that are started anew when one dies.</summary>
/// <param name="target">The reader.</param>
/// <param name="tests">The repository's folder of tests.</param>
/// <param name="findings">Where inputs are kept that a reader does not bear.</param>
internal sealed class Campaign(ITarget target, string tests, string findings)
{
    private const int MostFindings = 20;

    /// <summary>Reads <paramref name="inputs"/> files; how many findings there were.</summary>
    public int Run(ulong seed, long inputs)
    {
        var started = TimeProvider.System.GetTimestamp();
        var (done, found) = (0L, 0);
        for (var attempt = 0UL; done < inputs && found < MostFindings; attempt++)
        {
            var scratch = Directory.CreateTempSubdirectory("hone-fuzz-").FullName;
            try
            {
                done += Attempt(seed + (attempt << 32), inputs - done, scratch, ref found);
            }
            finally
            {
                Directory.Delete(scratch, recursive: true);
            }
        }

        var seconds = TimeProvider.System.GetElapsedTime(started).TotalSeconds;
        Console.WriteLine($"{target.Name,-18} {done,9:N0} inputs  {found,3} findings  {seconds,6:N0} s");
        return found;
    }

    private long Attempt(ulong seed, long inputs, string scratch, ref int found)
    {
        var program = Path.Combine(AppContext.BaseDirectory, "Hone.Fuzz.dll");
        var start =
            new ProcessStartInfo("dotnet", [program, "--worker", target.Name, $"{seed}", $"{inputs}", scratch, tests])
            {
                RedirectStandardOutput = true,
            };
        using var process = Process.Start(start)!;
        var last = -1L;
        while (process.StandardOutput.ReadLine() is { } line)
        {
            if (line == "done")
            {
                process.WaitForExit();
                return inputs;
            }

            var (index, fault) = (long.Parse(line.Split(' ')[0], System.Globalization.CultureInfo.InvariantCulture),
                line[line.IndexOf(' ')..]);
            last = index;
            Report(scratch, index, seed, fault);
            if (++found >= MostFindings)
            {
                process.Kill();
                return index + 1;
            }
        }

        process.WaitForExit();
        if (process.ExitCode != Worker.Hung)
        {
            found++;
            Report(scratch, last + 1, seed, $" the process died with {process.ExitCode}, as of a stack without end");
        }

        // How far it came is not known where it died; the next attempt has other inputs.
        return Math.Max(1, last + 1);
    }

    private void Report(string scratch, long index, ulong seed, string fault)
    {
        Directory.CreateDirectory(findings);
        var kept = Path.Combine(findings, $"{target.Name}-{seed}-{index}");
        var input = Path.Combine(scratch, $"finding-{index}");
        File.Copy(File.Exists(input) ? input : Path.Combine(scratch, target.FileName), kept, overwrite: true);
        Console.WriteLine($"{target.Name}: {kept}:{fault}");
    }
}
