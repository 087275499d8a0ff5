using Hone.Conformance.Checking;
using Hone.Conformance.Goldens;
using Hone.Torch;

namespace Hone.Conformance.Checks.Preference;

/// <summary>The chunked primitive that gives log-probs and entropies straight from hidden states.</summary>
/// <remarks>Its chunk is its own affair: <c>chunk_size</c> must not change a result.</remarks>
public sealed class HeadCheck : ICheck
{
    public string Area => "preference";

    public IReadOnlyList<string> Kinds => ["objectives/head"];

    public void Run(GoldenCase golden, Findings findings)
    {
        using var scope = TensorScope.Open();
        var (inputs, options) = (golden.Inputs, golden.Options);
        var hidden = Leaf(inputs["hidden"]);                                        // [token, hidden]
        var weight = Leaf(inputs["weight"]);                                        // [vocab, hidden]
        var bias = inputs.Value("bias") is { } field ? Leaf(field) : null;          // [vocab]
        var targets = inputs["targets"].ToTensor(DType.Int64);                      // [token]

        var scores = Fused.LinearLogProbs(
            hidden,
            weight,
            targets,
            options.NumberOr("temperature", 1),
            options.NumberOr("logit_scale", 1),
            options.NumberOr("final_logit_softcapping", 0),
            bias);
        Autograd.Backward(
            [scores.LogProbs, scores.Entropy],
            [inputs["grad_log_probs"].ToTensor(DType.Float32), inputs["grad_entropy"].ToTensor(DType.Float32)]);

        findings.CloseInFloat32(golden, "log_probs", scores.LogProbs.ToArray<double>());
        findings.CloseInFloat32(golden, "entropy", scores.Entropy.ToArray<double>());
        findings.CloseInFloat32(golden, "log_sum_sq_probs", scores.LogSumSquare.ToArray<double>());
        findings.CloseInFloat32(golden, "mean_logits", scores.MeanLogit.ToArray<double>());
        findings.SameList("is_top1", Likeliest(golden.Expected["float64"]), [.. IsTop(scores.Top, targets)]);
        findings.CloseInFloat32(golden, "grad_hidden", hidden.Grad!.ToArray<double>());
        findings.CloseInFloat32(golden, "grad_weight", weight.Grad!.ToArray<double>());
        if (bias is not null)
        {
            findings.CloseInFloat32(golden, "grad_bias", bias.Grad!.ToArray<double>());
        }
    }

    private static Tensor Leaf(Field field)
    {
        var leaf = field.ToTensor(DType.Float32);
        leaf.RequiresGrad = true;
        return leaf;
    }

    private static bool[] Likeliest(Field expected) => [.. expected["is_top1"].Items.Select(flag => flag.Flag)];

    private static IEnumerable<bool> IsTop(Tensor top, Tensor targets) =>
        top.ToArray<long>().Zip(targets.ToArray<long>(), (first, second) => first == second);
}
