using Hone.Algorithms.Optimizers;
using Hone.Conformance.Checking;
using Hone.Conformance.Goldens;
using Hone.Models.Checkpoints;
using Hone.Torch;

namespace Hone.Conformance.Checks.Optimizers;

/// <summary>AdamW with bfloat16 gradients: float32 masters, and the bfloat16 weights that follow them.</summary>
/// <remarks>
/// The record's third result, parameters and moments all in bfloat16, is not offered: it differs from the masters by up
/// to 0.125 in the record itself, which is what masters are for.
/// </remarks>
public sealed class MasterWeightsCheck : ICheck
{
    public string Area => "optimizers";

    public IReadOnlyList<string> Kinds => ["trajectories:torch.optim.AdamW"];

    public void Run(GoldenCase golden, Findings findings)
    {
        using var common = SafetensorsFile.Open(golden.Folders.InArea(golden.File["tensors"].Text));
        using var own = SafetensorsFile.Open(golden.Folders.InArea(golden.Record["tensors"].Text));
        var rate = golden.Record["options"].NumberOr("lr", 1e-3);
        var rule = new Adam { WeightDecay = golden.Record["options"].NumberOr("weight_decay", 0.01) };
        foreach (var (name, _) in golden.File["shapes"].Entries)
        {
            using var scope = TensorScope.Open();
            var start = common.Load($"start.{name}").To(DType.BFloat16).To(DType.Float32);
            var adam = new FusedAdamW(rule, start, withShadow: true);
            var gradients = common.Load($"gradients.{name}").To(DType.BFloat16);    // [step, …]
            var (masters, models) = (new List<double>(), new List<double>());
            for (var step = 0; step < golden.File["steps"].Whole; step++)
            {
                adam.Step(gradients.Select(0, step), rate, step + 1);
                masters.AddRange(adam.Parameter.ToArray<double>());
                models.AddRange(adam.Shadow.ToArray<double>());
            }

            Compare(findings, $"bf16_master.{name}", own, masters, 1e-6);

            // A master on the edge between two bfloat16 numbers may round either way: one unit in the last place.
            Compare(findings, $"bf16_model.{name}", own, models, 1.0 / 128);
        }
    }

    private static void Compare(
        Findings findings, string name, SafetensorsFile file, List<double> got, double relative) =>
        findings.Close(name, file.Load(name).ToArray<double>(), [.. got], new Tolerance(relative, 1e-6));
}
