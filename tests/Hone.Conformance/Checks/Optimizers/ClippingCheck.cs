using Hone.Algorithms.Optimizers;
using Hone.Conformance.Checking;
using Hone.Conformance.Goldens;
using Hone.Torch;

namespace Hone.Conformance.Checks.Optimizers;

/// <summary>Gradients bounded by their global norm or by value.</summary>
public sealed class ClippingCheck : ICheck
{
    public string Area => "optimizers";

    public IReadOnlyList<string> Kinds => ["clipping:clip_grad_norm_", "clipping:clip_grad_value_"];

    public void Run(GoldenCase golden, Findings findings)
    {
        using var scope = TensorScope.Open();
        var record = golden.Record;
        var tolerance = new Tolerance(1e-6);
        var gradients = record["gradients"].Items
            .Where(gradient => !gradient.IsNull)
            .Select(gradient => gradient.ToTensor(DType.Float32))
            .ToArray();

        if (record["kind"].Text == "clip_grad_norm_")
        {
            var norm = GradientClipping.ByGlobalNorm(gradients, record["max_norm"].Number, record["norm_type"].Number);
            findings.Close("total_norm", record["total_norm"].Number, norm, tolerance);
        }
        else
        {
            GradientClipping.ByValue(gradients, record["clip_value"].Number);
        }

        var clipped = record["clipped"].Items.Where(gradient => !gradient.IsNull).ToArray();
        findings.Same("gradients", clipped.Length, gradients.Length);
        for (var i = 0; i < clipped.Length; i++)
        {
            findings.Close($"clipped[{i}]", clipped[i].Numbers, gradients[i].ToArray<double>(), tolerance);
        }
    }
}
