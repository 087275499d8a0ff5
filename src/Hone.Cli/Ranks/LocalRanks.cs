using System.Diagnostics;
using System.Globalization;
using Hone.Benchmarks.Running;

namespace Hone.Cli.Ranks;

/// <summary>The other processes of a run on this machine, which rank 0 starts and looks after.</summary>
internal sealed class LocalRanks : IDisposable
{
    /// <summary>A process that was ended by signal n has the exit code 128 + n.</summary>
    private const int SignalBase = 128;

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(15);

    private readonly List<Helper> _helpers = [];
    private readonly CancellationTokenSource _ended = new();

    private LocalRanks()
    {
    }

    /// <summary>Is cancelled when one of them has ended.</summary>
    public CancellationToken Ended => _ended.Token;

    /// <summary>Starts ranks 1 to <paramref name="count"/> − 1.</summary>
    /// <param name="count">The ranks of the run, this process's included.</param>
    /// <param name="port">Where rank 0 keeps the rendezvous.</param>
    /// <param name="words">The arguments of each.</param>
    public static LocalRanks Start(int count, int port, IReadOnlyList<string> words)
    {
        var ranks = new LocalRanks();
        try
        {
            for (var rank = 1; rank < count; rank++)
            {
                ranks._helpers.Add(new Helper(rank, Start(rank, count, port, words), ranks._ended.Cancel));
            }

            return ranks;
        }
        catch
        {
            ranks.Dispose();
            throw;
        }
    }

    /// <summary>What those that failed for reasons of their own have to say, each line with its rank.</summary>
    /// <param name="known">What is said already.</param>
    public IReadOnlyList<string> Words(string known)
    {
        List<string> words = [];
        foreach (var helper in _helpers.Where(helper => helper.Process.WaitForExit(Patience)))
        {
            var code = helper.Process.ExitCode;
            if (code == 0)
            {
                continue;
            }

            var lines = helper.Errors.GetAwaiter().GetResult()
                .Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries)
                .Where(line => !IsOfOthers(line) && !known.Contains(line, StringComparison.Ordinal))
                .ToList();
            words.AddRange(lines.Select(line => $"rank {helper.Rank}: {line}"));
            if (lines is [] && code > SignalBase)
            {
                words.Add($"rank {helper.Rank}: was ended by signal {code - SignalBase}");
            }
        }

        return words;
    }

    /// <summary>Waits for their end, which follows that of rank 0; one that does not end is made to.</summary>
    public void Dispose()
    {
        foreach (var helper in _helpers)
        {
            if (!helper.Process.WaitForExit(Patience))
            {
                helper.Process.Kill(entireProcessTree: true);
                helper.Process.WaitForExit();
            }

            helper.Process.Dispose();
        }

        _helpers.Clear();
    }

    /// <summary>A rank that ended because another one did says so of that one.</summary>
    private static bool IsOfOthers(string line) => line.StartsWith("rank ", StringComparison.Ordinal);

    private static Process Start(int rank, int count, int port, IReadOnlyList<string> words)
    {
        var start = new OwnProgram(AppContext.BaseDirectory).StartInfo(words);
        start.Environment["RANK"] = Text(rank);
        start.Environment["LOCAL_RANK"] = Text(rank);
        start.Environment["WORLD_SIZE"] = Text(count);
        start.Environment["LOCAL_WORLD_SIZE"] = Text(count);
        start.Environment["MASTER_ADDR"] = LaunchedTraining.Loopback;
        start.Environment["MASTER_PORT"] = Text(port);
        return Process.Start(start) ?? throw new InvalidOperationException($"rank {rank} must start, did not");
    }

    private static string Text(int number) => number.ToString(CultureInfo.InvariantCulture);

    /// <summary>One of them. What it writes is read as it comes, so that it never waits for a reader.</summary>
    private sealed class Helper
    {
        public Helper(int rank, Process process, Action ended)
        {
            (Rank, Process) = (rank, process);
            Errors = process.StandardError.ReadToEndAsync();
            _ = process.StandardOutput.ReadToEndAsync();
            process.Exited += (_, _) => ended();
            process.EnableRaisingEvents = true;
        }

        public int Rank { get; }

        public Process Process { get; }

        public Task<string> Errors { get; }
    }
}
