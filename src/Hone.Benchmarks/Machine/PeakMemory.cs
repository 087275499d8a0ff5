using System.Globalization;

namespace Hone.Benchmarks.Machine;

/// <summary>The most memory that this process held at once.</summary>
public static class PeakMemory
{
    /// <summary>Bytes; null where the system does not say.</summary>
    public static long? Read() => File.Exists("/proc/self/status") ? Of(File.ReadLines("/proc/self/status")) : null;

    /// <summary>The most that a process held which descends from a process; null where the system does not say, or
    /// there is none.</summary>
    /// <param name="process">The ancestor's number.</param>
    public static long? OfLargestDescendant(int process)
    {
        if (!Directory.Exists("/proc/self"))
        {
            return null;
        }

        var all = Directory.EnumerateDirectories("/proc")
            .Select(folder => (Id: int.TryParse(Path.GetFileName(folder), out var id) ? id : 0, Lines: Status(folder)))
            .Where(found => found.Id > 0 && found.Lines is [_, ..])
            .ToDictionary(found => found.Id, found => (Parent: Number(found.Lines, "PPid:"), Peak: Of(found.Lines)));
        return all.Where(found => found.Key != process && Descends(found.Key)).Select(found => found.Value.Peak).Max();

        bool Descends(int id) =>
            all.TryGetValue(id, out var found) && (found.Parent == process || Descends(found.Parent));
    }

    /// <summary>Takes <c>VmHWM</c>, in KiB, out of the lines of <c>/proc/self/status</c>.</summary>
    public static long? Of(IEnumerable<string> lines) => lines
        .Where(line => line.StartsWith("VmHWM:", StringComparison.Ordinal))
        .Select(line =>
            (long?)long.Parse(
                line.Split(' ', StringSplitOptions.RemoveEmptyEntries)[1], CultureInfo.InvariantCulture) << 10)
        .FirstOrDefault();

    private static int Number(IEnumerable<string> lines, string field) => lines
        .Where(line => line.StartsWith(field, StringComparison.Ordinal))
        .Select(line => int.Parse(line.AsSpan(field.Length).Trim(), CultureInfo.InvariantCulture))
        .FirstOrDefault();

    private static string[] Status(string folder)
    {
        try
        {
            return File.ReadAllLines(Path.Combine(folder, "status"));
        }
        catch (IOException)
        {
            return []; // it has ended meanwhile, or was none
        }
    }
}
