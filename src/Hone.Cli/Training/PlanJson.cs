using System.Text.Json;
using Hone.Cli.Writing;
using Hone.Training;

namespace Hone.Cli.Training;

/// <summary>Writes the fields of a plan.</summary>
internal static class PlanJson
{
    /// <summary>Writes them into an object that is open.</summary>
    public static void Write(Utf8JsonWriter json, TrainingPlan plan)
    {
        json.WriteString("method", plan.Method);
        json.WriteNumber("steps", plan.Steps);
        json.WriteNumber("parameters", plan.Parameters);
        json.WriteNumber("trained_parameters", plan.TrainedParameters);
        json.WriteString("compute", plan.Compute);
        json.WriteString("compute_reason", plan.ComputeReason);
        json.WriteString("generation_path", plan.Generation.Name);
        json.WriteString("generation_reason", plan.Generation.Reason);
        if (plan.Generation.PackBytes > 0)
        {
            json.WriteNumber("generation_pack_bytes", plan.Generation.PackBytes);
        }

        if (plan.Evaluation is { } evaluation)
        {
            json.WriteString("evaluation_path", evaluation.Name);
            json.WriteString("evaluation_reason", evaluation.Reason);
            json.WriteNumber("evaluation_pack_bytes", evaluation.PackBytes);
        }

        json.WriteNumber("ranks", plan.Ranks);
        json.WriteNumber("threads", plan.Threads);
        json.WriteNumber("rows", plan.Rows);
        json.WriteNumber("evaluation_rows", plan.EvaluationRows);
        json.WriteNumber("epochs", plan.Epochs);
        json.WriteNumber("sequences_per_step", plan.SequencesPerStep);
        json.WriteNumber("updates_per_step", plan.UpdatesPerStep);
        json.WriteStartObject("memory");
        foreach (var (purpose, bytes) in plan.Memory)
        {
            json.WriteNumber(purpose, bytes);
        }

        json.WriteEndObject();
        json.WriteTexts("warnings", plan.Warnings);
    }
}
