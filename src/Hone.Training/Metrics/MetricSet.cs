using System.Collections;
using Hone.Algorithms;

namespace Hone.Training.Metrics;

/// <summary>The metrics of a step by name, in the order in which they first came.</summary>
public sealed class MetricSet : IReadOnlyCollection<KeyValuePair<string, MeanParts>>
{
    private readonly OrderedDictionary<string, MeanParts> _metrics = [];
    private readonly Dictionary<string, Statistic> _extremes = [];

    /// <inheritdoc/>
    public int Count => _metrics.Count;

    /// <summary>A metric; (0, 0) when nothing was added to it.</summary>
    public MeanParts this[string name] => _metrics.GetValueOrDefault(name);

    /// <summary>Adds a part of a batch to a metric.</summary>
    /// <param name="name">The metric.</param>
    /// <param name="sum">The sum over the part.</param>
    /// <param name="count">How many the part has.</param>
    public void Add(string name, double sum, double count) => _metrics[name] = this[name] + new MeanParts(sum, count);

    /// <summary>Sets a metric that is one number for the whole step, such as the learning rate.</summary>
    public void Set(string name, double value) => _metrics[name] = new MeanParts(value, 1);

    /// <summary>Keeps the more extreme of what a metric is and of another part's value.</summary>
    /// <param name="name">The metric.</param>
    /// <param name="value">The value.</param>
    /// <param name="statistic">Which extreme it is.</param>
    public void AddExtreme(string name, double value, Statistic statistic)
    {
        var before = this[name];
        Set(name, (statistic, before.Count) switch
        {
            (Statistic.Lowest, 0) or (Statistic.Highest, 0) => value,
            (Statistic.Lowest, _) => Math.Min(before.Mean, value),
            (Statistic.Highest, _) => Math.Max(before.Mean, value),
            _ => throw new InvalidOperationException($"there is no extreme {statistic}"),
        });
        _extremes[name] = statistic;
    }

    /// <summary>Adds the metrics of another part: a micro-batch, a rank.</summary>
    public void Add(MetricSet other)
    {
        foreach (var (name, metric) in other)
        {
            if (other._extremes.TryGetValue(name, out var statistic))
            {
                AddExtreme(name, metric.Mean, statistic);
            }
            else
            {
                _metrics[name] = this[name] + metric;
            }
        }
    }

    /// <summary>Writes all metrics, as <see cref="Read"/> takes them.</summary>
    public void Write(BinaryWriter writer)
    {
        writer.Write(_metrics.Count);
        foreach (var (name, metric) in _metrics)
        {
            writer.Write(name);
            writer.Write(metric.Sum);
            writer.Write(metric.Count);
            writer.Write((byte)_extremes.GetValueOrDefault(name, Statistic.Mean));
        }
    }

    /// <summary>Reads what <see cref="Write"/> wrote.</summary>
    public static MetricSet Read(BinaryReader reader)
    {
        var metrics = new MetricSet();
        for (var left = reader.ReadInt32(); left > 0; left--)
        {
            var name = reader.ReadString();
            metrics._metrics[name] = new MeanParts(reader.ReadDouble(), reader.ReadDouble());
            if ((Statistic)reader.ReadByte() is var statistic and not Statistic.Mean)
            {
                metrics._extremes[name] = statistic;
            }
        }

        return metrics;
    }

    /// <summary>The means by name.</summary>
    public IReadOnlyDictionary<string, double> Means() =>
        _metrics.ToDictionary(pair => pair.Key, pair => pair.Value.Mean);

    /// <inheritdoc/>
    public IEnumerator<KeyValuePair<string, MeanParts>> GetEnumerator() => _metrics.GetEnumerator();

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();
}
