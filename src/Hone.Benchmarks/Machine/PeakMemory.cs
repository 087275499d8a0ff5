using System.Globalization;

namespace Hone.Benchmarks.Machine;

/// <summary>The most memory that this process held at once.</summary>
public static class PeakMemory
{
    /// <summary>Bytes; null where the system does not say.</summary>
    public static long? Read() => File.Exists("/proc/self/status") ? Of(File.ReadLines("/proc/self/status")) : null;

    /// <summary>Takes <c>VmHWM</c>, in KiB, out of the lines of <c>/proc/self/status</c>.</summary>
    public static long? Of(IEnumerable<string> lines) => lines
        .Where(line => line.StartsWith("VmHWM:", StringComparison.Ordinal))
        .Select(line => (long?)long.Parse(line.Split(' ', StringSplitOptions.RemoveEmptyEntries)[1], CultureInfo.InvariantCulture) << 10)
        .FirstOrDefault();
}
