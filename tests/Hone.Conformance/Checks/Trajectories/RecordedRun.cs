using Hone.Algorithms.Optimizers;
using Hone.Conformance.Checking;
using Hone.Conformance.Goldens;
using Hone.Models.Checkpoints;
using Hone.Torch;

namespace Hone.Conformance.Checks.Trajectories;

/// <summary>What recorded runs have in common, whatever they minimise.</summary>
internal static class RecordedRun
{
    /// <summary>The optimizer of a record.</summary>
    public static Adam Rule(Field record)
    {
        var optimizer = record["optimizer"];
        var betas = optimizer["betas"].Numbers;
        return new Adam
        {
            Beta1 = betas[0],
            Beta2 = betas[1],
            Epsilon = optimizer["eps"].Number,
            WeightDecay = record["options"].NumberOr("weight_decay", 0),
        };
    }

    /// <summary>Compares the norms of the gradients of the first step.</summary>
    public static void CompareGradients(Findings findings, Field expected, TrainingRun run, Field tolerance)
    {
        var nearly = new Tolerance(tolerance["first_gradient_relative"].Number);
        var norms = run.GradientNorms(clipped: false);
        foreach (var (name, value) in expected.Entries)
        {
            findings.Close(value, norms[name], nearly);
        }
    }

    /// <summary>Compares the weights after the last step.</summary>
    public static void CompareWeights(GoldenCase golden, Findings findings, TrainingRun run)
    {
        var tolerance = golden.Record["tolerance"];
        foreach (var (name, final) in golden.Record["float64"]["final"].Entries)
        {
            var weight = run.Weights[name];
            var sum = weight.To(DType.Float64).Sum().Item();
            var allowed = tolerance["final_sum_absolute_per_sqrt_n"].Number * Math.Sqrt(weight.Count);
            findings.Close(final["sum"], sum, new Tolerance(0, allowed));
            var norm = GradientClipping.GlobalNorm([weight]);
            findings.Close(final["l2"], norm, new Tolerance(tolerance["final_l2_relative"].Number));
        }

        if (!File.Exists(golden.Beside("final.safetensors")))
        {
            return;
        }

        using var file = SafetensorsFile.Open(golden.Beside("final.safetensors"));
        foreach (var name in file.Header.Entries.Select(entry => entry.Name).Where(run.Weights.ContainsKey))
        {
            var nearly = new Tolerance(0, tolerance["final_weight_absolute"].Number);
            var expected = file.Load(name).ToArray<double>();
            findings.Close($"final {name}", expected, run.Weights[name].ToArray<double>(), nearly);
        }
    }
}
