namespace Hone.Algorithms.Schedules;

/// <summary>The rising part that schedules share.</summary>
public static class WarmUp
{
    /// <summary>The number of warm-up updates that is the share <paramref name="ratio"/> of all, rounded up.</summary>
    public static long UpdatesOf(double ratio, long totalUpdates) => (long)Math.Ceiling(totalUpdates * ratio);

    /// <summary>s / w of the peak: 0 at the first update.</summary>
    internal static double Linear(long update, long warmUpUpdates) => update / (double)Math.Max(1, warmUpUpdates);

    /// <summary>How far the falling part is done: 0 when the warm-up ends, 1 at the last update.</summary>
    internal static double Progress(long update, long warmUpUpdates, long totalUpdates) =>
        (update - warmUpUpdates) / (double)Math.Max(1, totalUpdates - warmUpUpdates);
}
