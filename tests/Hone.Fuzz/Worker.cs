namespace Hone.Fuzz;

/// <summary>The process that reads: what kills it or holds it up costs one input, not the run.</summary>
internal static class Worker
{
    /// <summary>The exit code of a process that was held up.</summary>
    public const int Hung = 9;

    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(2);

    /// <summary>Reads inputs and writes a line for each finding: its index and what happened.</summary>
    public static int Run(ITarget target, string tests, string folder, ulong seed, long inputs)
    {
        var fuzzer = new Fuzzer(target, tests, folder);
        using var watch = new Timer(_ => Look(fuzzer), null, Limit / 4, Limit / 4);
        foreach (var finding in fuzzer.Run(seed, inputs))
        {
            File.WriteAllBytes(Path.Combine(folder, $"finding-{finding.Index}"), finding.Input);
            Console.WriteLine($"{finding.Index} {finding.Fault.ReplaceLineEnding()}");
        }

        Console.WriteLine("done");
        return 0;
    }

    private static string ReplaceLineEnding(this string text) => text.ReplaceLineEndings(" | ");

    private static void Look(Fuzzer fuzzer)
    {
        if (fuzzer.Busy > Limit)
        {
            Console.WriteLine($"{fuzzer.Index} held up for more than {Limit.TotalSeconds} s");
            Environment.Exit(Hung);
        }
    }
}
