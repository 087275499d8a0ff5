using System.Globalization;
using Hone.Cli.Writing;
using Hone.Models.Generation;
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
        var updates = plan.UpdatesPerStep == 1 ? "1 update" : $"{plan.UpdatesPerStep} updates";
        Line(output, "steps", $"{plan.Steps}, each of {plan.SequencesPerStep} sequences and {updates}");
        var epochs = plan.Epochs.ToString("0.##", CultureInfo.InvariantCulture);
        var (rows, evaluationRows) = (Quantity.Count(plan.Rows), Quantity.Count(plan.EvaluationRows));
        Line(output, "rows", $"{rows} to train on, each used {epochs} times; {evaluationRows} to evaluate on");
        Line(output, "weights", plan.TrainedParameters == plan.Parameters
            ? $"{Quantity.Count(plan.Parameters)}, all trained"
            : $"{Quantity.Count(plan.Parameters)}, of which {Quantity.Count(plan.TrainedParameters)} are trained");
        Line(output, "compute", $"{plan.Compute}: {plan.ComputeReason}; {Threads(plan)}");
        Line(output, "sampling", Sampling(plan.Generation));
        if (plan.Evaluation is { } evaluation)
        {
            Line(output, "in eval", Sampling(evaluation));
        }

        if (plan.Ranks > 1)
        {
            var sums = Quantity.Bytes(plan.TrainedParameters * sizeof(float));
            Line(
                output, "ranks", $"{plan.Ranks}, which divide each step; an update sums {sums} of gradients over them");
        }

        var each = plan.Ranks > 1 ? "for each rank " : "";
        Line(output, "memory", $"about {Quantity.Bytes(plan.Memory.Values.Sum())} {each}beside the program: "
            + string.Join(", ", plan.Memory.Select(part => $"{part.Key} {Quantity.Bytes(part.Value)}")));
    }

    /// <summary><c>2 threads</c>, or <c>2 ranks of 1 thread</c>.</summary>
    public static string Threads(TrainingPlan plan)
    {
        var threads = plan.Threads == 1 ? "1 thread" : $"{plan.Threads} threads";
        return plan.Ranks == 1 ? threads : $"{plan.Ranks} ranks of {threads}";
    }

    /// <summary>What a phase is called.</summary>
    public static string NameOf(PhaseKind kind) => kind switch
    {
        PhaseKind.LogProbs => "log_probs",
        _ => kind.ToString().ToLowerInvariant(),
    };

    private static string Sampling(GenerationPath path) => path.PackBytes == 0
        ? path.Reason
        : $"{path.Reason}; packed weights {Quantity.Bytes(path.PackBytes)}";

    private static void Line(TextWriter output, string name, string value) => output.WriteLine($"{name,-8} {value}");
}
