using System.Globalization;

namespace Hone.Benchmarks.Machine;

/// <summary>What all programs of a machine have computed since it started, and how much of it was ours.</summary>
/// <param name="Busy">CPU seconds of all processes, the time that the host took included.</param>
/// <param name="Own">CPU seconds of this process and of those that it started and that have ended.</param>
/// <param name="Waiting">Processes that wanted to run, averaged over the last minute.</param>
public readonly record struct MachineLoad(double Busy, double Own, double Waiting)
{
    private const double TicksPerSecond = 100; // sysconf(_SC_CLK_TCK) of every Linux there is

    /// <summary>Reads <c>/proc</c>; zeros where there is none.</summary>
    public static MachineLoad Read() => File.Exists("/proc/stat")
        ? Of(File.ReadLines("/proc/stat").First(), File.ReadAllText("/proc/self/stat"),
            File.ReadAllText("/proc/loadavg"))
        : default;

    /// <summary>
    /// Takes it out of the first line of <c>/proc/stat</c>, of <c>/proc/self/stat</c> and of <c>/proc/loadavg</c>.
    /// </summary>
    public static MachineLoad Of(string machine, string self, string average)
    {
        // cpu  user nice system idle iowait irq softirq steal …
        long[] times = [.. machine.Split(' ', StringSplitOptions.RemoveEmptyEntries)[1..9].Select(Number)];

        // The second field is the program's name in parentheses and may hold spaces; utime, stime, cutime and cstime
        // are fields 14 to 17.
        var fields = self[(self.LastIndexOf(')') + 1)..].Split(' ', StringSplitOptions.RemoveEmptyEntries);
        return new MachineLoad(
            (times[0] + times[1] + times[2] + times[5] + times[6] + times[7]) / TicksPerSecond,
            fields[11..15].Sum(Number) / TicksPerSecond,
            double.Parse(average.Split(' ')[0], CultureInfo.InvariantCulture));
    }

    /// <summary>The share of all cores' time that others took since an earlier reading.</summary>
    /// <param name="before">The earlier reading.</param>
    /// <param name="wall">Seconds since then.</param>
    /// <param name="cores">Processors of the machine.</param>
    /// <param name="own">CPU seconds that we used ourselves since then.</param>
    public double Others(MachineLoad before, double wall, int cores, double own) =>
        wall <= 0 ? 0 : Math.Max(0, Busy - before.Busy - own) / (wall * cores);

    private static long Number(string text) => long.Parse(text, CultureInfo.InvariantCulture);
}
