namespace Hone.Training.Metrics;

/// <summary>A place where the metrics of a run are written down.</summary>
public interface IMetricSink : IDisposable
{
    /// <summary>Writes the metrics of a step. Steps come in ascending order; one step may be written several times,
    /// with other metrics.</summary>
    public void Write(long step, MetricSet metrics);
}
