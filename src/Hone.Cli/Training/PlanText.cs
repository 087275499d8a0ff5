using System.Globalization;
using Hone.Cli.Writing;
using Hone.Training;
using Hone.Training.Progress;

namespace Hone.Cli.Training;

/// <summary>Writes a plan for people.</summary>
internal static class PlanText
{
    /// <summary>Writes it as lines of name and value.</summary>
    public static void Write(TextWriter output, TrainingPlan plan)
    {
        Line(output, "method", plan.Method);
        Line(output, "steps", $"{plan.Steps}, each of {plan.SequencesPerStep} sequences and {plan.UpdatesPerStep} {(plan.UpdatesPerStep == 1 ? "update" : "updates")}");
        Line(output, "rows", string.Create(CultureInfo.InvariantCulture, $"{plan.Rows:N0} to train on, each used {plan.Epochs:0.##} times; {plan.EvaluationRows:N0} to evaluate on"));
        Line(output, "weights", plan.TrainedParameters == plan.Parameters
            ? $"{Quantity.Count(plan.Parameters)}, all trained"
            : $"{Quantity.Count(plan.Parameters)}, of which {Quantity.Count(plan.TrainedParameters)} are trained");
        Line(output, "compute", $"{plan.Compute}: {plan.ComputeReason}; {plan.Threads} threads");
        Line(output, "memory", $"about {Quantity.Bytes(plan.Memory.Values.Sum())} beside the program: "
            + string.Join(", ", plan.Memory.Select(part => $"{part.Key} {Quantity.Bytes(part.Value)}")));
    }

    /// <summary>What a phase is called.</summary>
    public static string NameOf(PhaseKind kind) => kind switch
    {
        PhaseKind.LogProbs => "log_probs",
        _ => kind.ToString().ToLowerInvariant(),
    };

    private static void Line(TextWriter output, string name, string value) => output.WriteLine($"{name,-8} {value}");
}
