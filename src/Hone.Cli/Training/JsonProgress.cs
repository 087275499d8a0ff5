using System.Text.Json;
using Hone.Cli.Writing;
using Hone.Training;
using Hone.Training.Progress;

namespace Hone.Cli.Training;

/// <summary>Tells of a run in JSON, an object a line, each with the field <c>event</c>.</summary>
internal sealed class JsonProgress(TextWriter output) : ITrainingObserver
{
    /// <inheritdoc/>
    public void Started(RunStart start) => Line("started", json =>
    {
        json.WriteNumber("step", start.Step);
        json.WriteNumber("steps", start.Steps);
        json.WriteStartObject("plan");
        PlanJson.Write(json, start.Plan);
        json.WriteEndObject();
    });

    /// <inheritdoc/>
    public void Phase(StepPhase phase)
    {
    }

    /// <inheritdoc/>
    public void Stepped(StepReport step) => Line("step", json =>
    {
        json.WriteNumber("step", step.Step);
        json.WriteNumber("seconds", step.Seconds);
        json.WriteNumber("tokens", step.Tokens);
        json.WriteMetrics("metrics", step.Metrics);
        json.WriteMetrics(
            "times", step.Times.Select(time => KeyValuePair.Create(PlanText.NameOf(time.Key), time.Value)));
    });

    /// <inheritdoc/>
    public void Evaluated(EvaluationReport evaluation) => Line("evaluation", json =>
    {
        json.WriteNumber("step", evaluation.Step);
        json.WriteNumber("seconds", evaluation.Seconds);
        json.WriteMetrics("metrics", evaluation.Metrics);
    });

    /// <inheritdoc/>
    public void Saved(int step, string path) => Line("checkpoint", json =>
    {
        json.WriteNumber("step", step);
        json.WriteString("path", path);
    });

    /// <summary>Tells how it ended.</summary>
    public void Finished(TrainingResult result) => Line("finished", json =>
    {
        json.WriteNumber("step", result.Step);
        json.WriteBoolean("interrupted", result.Interrupted);
        json.WriteString("folder", result.Folder);
        json.WriteMetrics("metrics", result.Metrics);
    });

    private void Line(string what, Action<Utf8JsonWriter> fields)
    {
        JsonLine.Write(output, json =>
        {
            json.WriteString("event", what);
            fields(json);
        });
        output.Flush();
    }
}
