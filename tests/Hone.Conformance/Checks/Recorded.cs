using Hone.Conformance.Checking;
using Hone.Conformance.Goldens;

namespace Hone.Conformance.Checks;

/// <summary>What a record says of itself.</summary>
internal static class Recorded
{
    /// <summary>The tolerance of a record with <c>rtol</c> and <c>atol</c>.</summary>
    public static Tolerance Tolerance(GoldenCase golden)
    {
        var tolerance = golden.Record["tolerance"];
        return new Tolerance(tolerance["rtol"].Number, tolerance["atol"].Number);
    }
}
