namespace Hone.Algorithms;

/// <summary>A mean that is not divided yet, so that it adds exactly over micro-batches and ranks.</summary>
/// <param name="Sum">The sum of the values.</param>
/// <param name="Count">How many there are, or their total weight.</param>
public readonly record struct MeanParts(double Sum, double Count)
{
    /// <summary>The mean; NaN over nothing.</summary>
    public double Mean => Sum / Count;

    /// <summary>The mean over both sets of values.</summary>
    public static MeanParts operator +(MeanParts left, MeanParts right) =>
        new(left.Sum + right.Sum, left.Count + right.Count);

    /// <summary>The mean of values that are numbers; NaN is passed over.</summary>
    public static MeanParts Of(ReadOnlySpan<double> values)
    {
        var parts = default(MeanParts);
        foreach (var value in values)
        {
            parts += double.IsNaN(value) ? default : new MeanParts(value, 1);
        }

        return parts;
    }
}
