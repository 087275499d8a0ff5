namespace Hone.Evaluation;

/// <summary>How many of how many were right. Adds exactly.</summary>
/// <param name="Right">Answers that were right.</param>
/// <param name="Count">All answers.</param>
public readonly record struct Accuracy(long Right, long Count)
{
    /// <summary>The share that was right, in 0…1; NaN over nothing.</summary>
    public double Share => Right / (double)Count;

    /// <summary>The counts of both.</summary>
    public static Accuracy operator +(Accuracy left, Accuracy right) =>
        new(left.Right + right.Right, left.Count + right.Count);

    /// <summary>The accuracy of a list of verdicts.</summary>
    public static Accuracy Of(IEnumerable<bool> verdicts) =>
        verdicts.Aggregate(default(Accuracy), (sum, right) => sum + new Accuracy(right ? 1 : 0, 1));

    /// <summary>Where the true share lies, by Wilson's score interval.</summary>
    /// <inheritdoc cref="WilsonInterval.Of"/>
    public Interval Interval(double z = WilsonInterval.Z95) => WilsonInterval.Of(Right, Count, z);
}
