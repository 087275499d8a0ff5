using Hone.Algorithms;
using Hone.Conformance.Checking;
using Hone.Conformance.Goldens;
using Hone.Torch;

namespace Hone.Conformance.Checks.Preference;

/// <summary>The conservative objective, whose labels may be flipped.</summary>
public sealed class ConservativeDpoCheck : ICheck
{
    public string Area => "preference";

    public IReadOnlyList<string> Kinds => ["objectives/papers"];

    public string? NotOffered(GoldenCase golden)
    {
        var name = golden.Options.TextOr("objective", "of no name");
        return name == "cdpo" ? null : $"the objective {name} is not offered yet";
    }

    public void Run(GoldenCase golden, Findings findings)
    {
        using var scope = TensorScope.Open();
        var inputs = golden.Inputs;
        var (chosen, rejected) = (Leaf(inputs["policy_chosen"]), Leaf(inputs["policy_rejected"]));
        var ratios = new LogRatios(
            chosen - inputs["ref_chosen"].ToTensor(DType.Float64),
            rejected - inputs["ref_rejected"].ToTensor(DType.Float64));

        var terms =
            new LogisticPreference(golden.Options["beta"].Number, golden.Options["epsilon"].Number).Compute(ratios);
        var loss = new Aggregation.PairMean().Reduce(
            terms, Sequences.OfLengths(new int[2 * terms.Count]), new GlobalCounts(0, 2 * terms.Count));
        loss.Backward();

        findings.CloseInFloat32(golden, "per_example", terms.ToArray<double>());
        findings.CloseInFloat32(golden, "loss", [loss.Item()]);
        findings.CloseInFloat32(golden, "grad_policy_chosen", chosen.Grad!.ToArray<double>());
        findings.CloseInFloat32(golden, "grad_policy_rejected", rejected.Grad!.ToArray<double>());
    }

    private static Tensor Leaf(Field field)
    {
        var leaf = field.ToTensor(DType.Float64);
        leaf.RequiresGrad = true;
        return leaf;
    }
}
