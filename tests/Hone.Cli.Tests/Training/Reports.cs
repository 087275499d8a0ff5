using Hone.Models.Generation;
using Hone.Training;
using Hone.Training.Progress;

namespace Hone.Cli.Tests.Training;

/// <summary>What a run could tell.</summary>
internal static class Reports
{
    public static TrainingPlan Plan { get; } = new()
    {
        Method = "sft",
        Steps = 4,
        Parameters = 1200,
        TrainedParameters = 1200,
        Compute = "float32",
        ComputeReason = "the recipe says so",
        Threads = 2,
        Rows = 10,
        EvaluationRows = 3,
        Epochs = 0.8,
        Generation = new GenerationPath(
            false, "composed of operators, since its head is odd; bits may depend on the batch"),
        SequencesPerStep = 2,
        UpdatesPerStep = 1,
        Memory = new Dictionary<string, long> { ["weights"] = 4800, ["moments"] = 9600 },
        Warnings = ["data: is small"],
    };

    public static StepReport Step(
        int step,
        double loss,
        double seconds = 1,
        long tokens = 100,
        params IReadOnlyList<TrainingSample> samples) => new(
        step,
        new Dictionary<string, double> { ["loss"] = loss, ["learning_rate"] = 0.001 },
        samples,
        seconds,
        tokens,
        new Dictionary<PhaseKind, double>
        {
            [PhaseKind.Training] = seconds * 0.75,
            [PhaseKind.Waiting] = seconds * 0.25,
        });

    public static EvaluationReport Evaluation(int step, double loss) =>
        new(step, new Dictionary<string, double> { ["eval/loss"] = loss }, Seconds: 1);
}
