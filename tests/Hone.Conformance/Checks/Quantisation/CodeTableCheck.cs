using Hone.Conformance.Checking;
using Hone.Conformance.Goldens;
using Hone.Torch;

namespace Hone.Conformance.Checks.Quantisation;

/// <summary>The tables that codes stand for.</summary>
public sealed class CodeTableCheck : ICheck
{
    public string Area => "quantisation";

    public IReadOnlyList<string> Kinds => ["codebooks"];

    public void Run(GoldenCase golden, Findings findings)
    {
        foreach (var table in new[] { CodeTable.Nf4, CodeTable.Fp4, CodeTable.SignedBytes, CodeTable.UnsignedBytes })
        {
            findings.Close(
                golden.Record[table.Name], [.. table.Values.Select(value => (double)value)], Tolerance.Exact);
        }
    }
}
