using System.Globalization;
using System.Text;
using Hone.Torch;

namespace Hone.Benchmarks.Micro;

/// <summary>Seconds that each operator took by itself, while a piece of work ran.</summary>
internal static class OperatorProfile
{
    private static readonly Operator Begin = Operator.Find("hone::profile_begin");
    private static readonly Operator End = Operator.Find("hone::profile_end");

    /// <summary>Runs a piece of work on this thread and watches its operators.</summary>
    /// <param name="work">The work.</param>
    /// <param name="cpuTime">Whether the seconds of this thread's processor are counted, and not those on the
    /// wall.</param>
    public static IReadOnlyList<OperatorTime> Of(Action work, bool cpuTime)
    {
        using var scope = TensorScope.Open();
        Begin.Run(cpuTime);
        string text;
        try
        {
            work();
        }
        finally
        {
            text = Encoding.UTF8.GetString(End.Call().AsSpan<byte>());
        }

        return [.. text.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(OperatorTime.Parse).OrderByDescending(
            time => time.Seconds)];
    }
}

/// <summary>An operator's own time.</summary>
/// <param name="Name">Its name; of a matrix product with dtype and shapes.</param>
/// <param name="Seconds">In all its calls, without the operators that it calls.</param>
/// <param name="Calls">How often it ran.</param>
internal readonly record struct OperatorTime(string Name, double Seconds, long Calls)
{
    /// <summary>Reads a line of name, seconds and calls.</summary>
    public static OperatorTime Parse(string line) => line.Split('\t') is [var name, var seconds, var calls]
        ? new OperatorTime(
            name, double.Parse(seconds, CultureInfo.InvariantCulture), long.Parse(calls, CultureInfo.InvariantCulture))
        : throw new FormatException($"a line of a profile must have a name, seconds and calls, got {line}");
}
