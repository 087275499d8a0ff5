using Hone.Benchmarks.Limits;
using Hone.Benchmarks.Lines;
using Hone.Benchmarks.Machine;
using Hone.Benchmarks.Works;

namespace Hone.Benchmarks.Running;

/// <summary>Measures works one after the other, each in a fresh process, so that peak memory is a work's own.</summary>
/// <param name="context">What works are done with; its scratch folder is made and cleared for each.</param>
/// <param name="writer">Puts lines together.</param>
/// <param name="time">The clock.</param>
public sealed class BenchmarkRunner(WorkContext context, LineWriter writer, TimeProvider time)
{
    private const int WordsOfError = 3;

    private readonly MachineLimits _limits = new();

    /// <summary>Measures the machine and then the works; those that miss something are passed over in words.</summary>
    /// <param name="works">The works.</param>
    /// <param name="words">How Hone is asked to do one work in its own process: the arguments for it.</param>
    /// <param name="report">Gets each line as it is there.</param>
    /// <param name="skip">Gets the reason of each work that is passed over.</param>
    /// <param name="cancel">Ends the round.</param>
    /// <returns>Whether every work was done and every result was right.</returns>
    public bool Run(
        IReadOnlyList<IWorkload> works,
        Func<IWorkload, WorkContext, IReadOnlyList<string>> words,
        Action<BenchmarkLine> report,
        Action<string> skip,
        CancellationToken cancel)
    {
        var isGood = true;
        foreach (var work in works.Contains(Catalogue.Limits) ? works : works.Prepend(Catalogue.Limits))
        {
            if (work.Missing(context) is { } missing)
            {
                skip($"{work.Name}: skipped: {missing}");
                continue;
            }

            isGood &= Run(work, words, report, cancel);
        }

        return isGood;
    }

    private bool Run(
        IWorkload work, Func<IWorkload, WorkContext, IReadOnlyList<string>> words, Action<BenchmarkLine> report,
        CancellationToken cancel)
    {
        var isGood = true;
        var lines = 0;
        Directory.CreateDirectory(context.Scratch);
        try
        {
            var watch = new Watch(time, context.Processor.Cores);
            var ownBefore = MachineLoad.Read().Own;
            var end = context.Program.Run(
                words(work, context),
                work.Limit,
                text =>
                {
                    if (Measurement.Parse(text) is { } found)
                    {
                        lines++;
                        _limits.Add(found);
                        var line = writer.Of(found, _limits, watch.Next(found.CpuSeconds));
                        isGood &= line.IsGood;
                        report(line);
                    }
                },
                cancel);
            if (end.Code != 0 || lines == 0)
            {
                isGood = false;
                report(writer.OfFailure(work.Subject(context.Threads), ErrorOf(end, work.Limit),
                    watch.Next(MachineLoad.Read().Own - ownBefore)));
            }
        }
        finally
        {
            Directory.Delete(context.Scratch, recursive: true);
        }

        return isGood;
    }

    private static string ErrorOf(ProgramEnd end, TimeSpan limit)
    {
        var words = end.Errors.Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
        return end.IsTimedOut ? $"no result within {limit.TotalSeconds} s"
            : words is [] ? $"exit {end.Code}"
            : string.Join('\n', words.TakeLast(WordsOfError));
    }

    /// <summary>What went on around each line of a process: since its start, then since the line before. Lines that
    /// come together share it.</summary>
    private sealed class Watch(TimeProvider time, int cores)
    {
        private const double Together = 0.1; // seconds; the system counts in hundredths

        private Circumstances? _last;
        private DateTimeOffset _started = time.GetUtcNow();
        private long _since = time.GetTimestamp();
        private MachineLoad _before = MachineLoad.Read();
        private double _cpu;

        /// <param name="cpu">CPU seconds that the process has used in all.</param>
        public Circumstances Next(double cpu)
        {
            var (now, wall) = (MachineLoad.Read(), time.GetElapsedTime(_since).TotalSeconds);
            if (_last is { } last && wall < Together)
            {
                return last;
            }

            var own = Math.Max(0, cpu - _cpu);
            _last = new Circumstances(_started, _before.Waiting, wall, own, now.Others(_before, wall, cores, own));
            (_started, _since, _before, _cpu) = (time.GetUtcNow(), time.GetTimestamp(), now, cpu);
            return _last;
        }
    }
}
