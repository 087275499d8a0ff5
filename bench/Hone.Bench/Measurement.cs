namespace Hone.Bench;

/// <summary>One measured quantity beside what it is held against.</summary>
/// <param name="Group">The part of the engine.</param>
/// <param name="Name">What was run.</param>
/// <param name="Value">The measured value.</param>
/// <param name="Unit"><c>ns</c> and <c>ms</c> a call, or <c>GFLOP/s</c>.</param>
/// <param name="Against">What the reference is.</param>
/// <param name="Reference">The reference's value, in the same unit.</param>
/// <param name="Ratio">How many times the reference costs (times) or does (rates).</param>
/// <param name="Limit">The largest ratio that is good enough, where one was set.</param>
internal sealed record Measurement(
    string Group, string Name, double Value, string Unit, string Against, double Reference, double Ratio, double? Limit = null)
{
    /// <summary>A cost held against a larger or smaller cost; the ratio is value / reference.</summary>
    public static Measurement Cost(string group, string name, double value, string unit, string against, double reference, double? limit = null) =>
        new(group, name, value, unit, against, reference, value / reference, limit);

    /// <summary>A cost held against that of the slow way; the ratio says how many times faster it is.</summary>
    public static Measurement Gain(string group, string name, double value, string unit, string against, double reference) =>
        new(group, name, value, unit, against, reference, reference / value);
}
