using System.Collections;
using Hone.Algorithms;

namespace Hone.Training.Metrics;

/// <summary>The metrics of a step by name, in the order in which they first came.</summary>
public sealed class MetricSet : IReadOnlyCollection<KeyValuePair<string, MeanParts>>
{
    private readonly OrderedDictionary<string, MeanParts> _metrics = [];

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

    /// <summary>Adds the metrics of another part: a micro-batch, a rank.</summary>
    public void Add(MetricSet other)
    {
        foreach (var (name, metric) in other)
        {
            _metrics[name] = this[name] + metric;
        }
    }

    /// <summary>The means by name.</summary>
    public IReadOnlyDictionary<string, double> Means() =>
        _metrics.ToDictionary(pair => pair.Key, pair => pair.Value.Mean);

    /// <inheritdoc/>
    public IEnumerator<KeyValuePair<string, MeanParts>> GetEnumerator() => _metrics.GetEnumerator();

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();
}
