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

    /// <summary>Compares what float32 code gave with the float64 result of a record that has both.</summary>
    /// <remarks>
    /// The tolerance is the record's, relative to the largest element. To it comes five times the distance of the
    /// reference's own float32 result from the float64 one: where terms cancel to nothing, as in the gradient of
    /// <c>head/ties</c> (5.5e-8 in the reference, 1.1e-7 here, 0 in truth), no float32 code can come as near as a share
    /// of the result.
    /// </remarks>
    public static void CloseInFloat32(
        this Findings findings, GoldenCase golden, string quantity, ReadOnlySpan<double> got)
    {
        var target = Within(golden.Expected["float64"], quantity);
        var rounded = Within(golden.Expected["float32"], quantity);
        var distances = target.Numbers.Zip(rounded.Numbers, (exact, near) => Math.Abs(near - exact));
        var rounding = distances.Where(double.IsFinite).DefaultIfEmpty(0).Max();
        var relative = golden.Record["tolerance"].NumberOr("float32_relative", 1e-5);
        findings.Close(target, got, new Tolerance(relative, 5 * rounding, OfLargest: true));
    }

    /// <summary>The field at a path of names, <c>metrics.entropy</c>.</summary>
    private static Field Within(Field record, string path) =>
        path.Split('.').Aggregate(record, (field, name) => field[name]);
}
