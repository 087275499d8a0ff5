using Hone.Training.Metrics;
using Hone.Training.Progress;
using Hone.Training.Recipes;

namespace Hone.Training;

/// <summary>What is written down of a run while it goes on: <c>metrics.jsonl</c>, TensorBoard events,
/// <c>samples.jsonl</c>.</summary>
public sealed class RunLog : IDisposable
{
    private readonly List<IMetricSink> _sinks = [];
    private readonly StepLines _samples;

    internal RunLog(string folder, LoggingOptions options, int lastStep, TimeProvider time)
    {
        _samples = StepLines.Open(Path.Combine(folder, "samples.jsonl"), lastStep);
        _sinks.Add(new MetricLines(StepLines.Open(Path.Combine(folder, "metrics.jsonl"), lastStep), time));
        if (options.Tensorboard)
        {
            _sinks.Add(EventFile.Open(folder, lastStep, time));
        }
    }

    /// <summary>Writes the metrics of a step.</summary>
    public void Write(int step, MetricSet metrics) => _sinks.ForEach(sink => sink.Write(step, metrics));

    /// <summary>Writes a sample.</summary>
    public void Write(TrainingSample sample) => _samples.Append(sample.Step, json =>
    {
        json.WriteString("prompt", sample.Prompt);
        json.WriteString("completion", sample.Completion);
        if (sample.Reward is { } reward)
        {
            JsonNumber.Write(json, "reward", reward);
            json.WriteStartObject("rewards");
            foreach (var (name, score) in sample.Rewards)
            {
                JsonNumber.Write(json, name, score);
            }

            json.WriteEndObject();
            JsonNumber.Write(json, "advantage", sample.Advantage);
        }
    });

    /// <inheritdoc/>
    public void Dispose()
    {
        _sinks.ForEach(sink => sink.Dispose());
        _samples.Dispose();
    }
}
