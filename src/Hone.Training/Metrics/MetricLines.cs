namespace Hone.Training.Metrics;

/// <summary>
/// The metrics of a run as JSON lines: <c>{"step":3,"time":"…","loss":2.5,"pairs":{"loss":[5,2]}}</c>. Every mean
/// stands under its name, and under <c>pairs</c> the sum and the count that it is the quotient of.
/// </summary>
public sealed class MetricLines(StepLines lines, TimeProvider time) : IMetricSink
{
    /// <inheritdoc/>
    public void Write(long step, MetricSet metrics) => lines.Append(step, json =>
    {
        json.WriteString("time", time.GetUtcNow().ToString("yyyy-MM-dd'T'HH:mm:ss.fff'Z'", null));
        foreach (var (name, metric) in metrics)
        {
            JsonNumber.Write(json, name, metric.Mean);
        }

        json.WriteStartObject("pairs");
        foreach (var (name, metric) in metrics)
        {
            json.WriteStartArray(name);
            JsonNumber.Write(json, metric.Sum);
            JsonNumber.Write(json, metric.Count);
            json.WriteEndArray();
        }

        json.WriteEndObject();
    });

    /// <inheritdoc/>
    public void Dispose() => lines.Dispose();
}
