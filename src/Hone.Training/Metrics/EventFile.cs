using System.Globalization;

namespace Hone.Training.Metrics;

/// <summary>The metrics of a run as TensorBoard reads them. A resumed run goes on in the same file.</summary>
public sealed class EventFile : IMetricSink
{
    private const string Prefix = "events.out.tfevents.";

    private readonly FileStream _file;
    private readonly TimeProvider _time;

    private EventFile(FileStream file, TimeProvider time)
    {
        _file = file;
        _time = time;
    }

    /// <summary>Opens the event file of a run folder, to go on behind the events of a step; later ones and a torn one
    /// are cut off.</summary>
    /// <param name="folder">The run folder.</param>
    /// <param name="lastStep">The step after which the run goes on; −1 to begin anew.</param>
    /// <param name="time">The clock of the events.</param>
    public static EventFile Open(string folder, long lastStep, TimeProvider time)
    {
        var seconds = time.GetUtcNow().ToUnixTimeSeconds().ToString("D10", CultureInfo.InvariantCulture);
        var path = Directory.EnumerateFiles(folder, Prefix + "*").Order(StringComparer.Ordinal).LastOrDefault()
            ?? Path.Combine(folder, $"{Prefix}{seconds}.hone");
        var file = new FileStream(path, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.Read);
        file.SetLength(EndOf(file, lastStep));
        file.Seek(0, SeekOrigin.End);
        if (file.Length == 0)
        {
            file.Write(EventRecord.Version(time.GetUtcNow()));
            file.Flush();
        }

        return new EventFile(file, time);
    }

    /// <inheritdoc/>
    public void Write(long step, MetricSet metrics)
    {
        var now = _time.GetUtcNow();
        foreach (var (name, metric) in metrics)
        {
            _file.Write(EventRecord.Scalar(now, step, name, (float)metric.Mean));
        }

        _file.Flush();
    }

    /// <inheritdoc/>
    public void Dispose() => _file.Dispose();

    private static long EndOf(FileStream file, long lastStep)
    {
        var end = 0L;
        while (EventRecord.ReadPayload(file) is { } payload && EventRecord.StepOf(payload) <= lastStep)
        {
            end = file.Position;
        }

        return end;
    }
}
