using Hone.Algorithms.Optimizers;
using Hone.Conformance.Checking;
using Hone.Conformance.Goldens;

namespace Hone.Conformance.Checks.Optimizers;

/// <summary>Which parameters of a model weight decay acts on.</summary>
public sealed class DecayGroupsCheck : ICheck
{
    public string Area => "optimizers";

    public IReadOnlyList<string> Kinds => ["decay_groups/cases"];

    public void Run(GoldenCase golden, Findings findings)
    {
        var decay = golden.Record["decay"].Items.Select(name => name.Text).ToList();
        var still = golden.Record["no_decay"].Items.Select(name => name.Text).ToList();
        findings.SameList("decay", decay, [.. decay.Concat(still).Where(DecayGroups.Decays)]);
    }
}
