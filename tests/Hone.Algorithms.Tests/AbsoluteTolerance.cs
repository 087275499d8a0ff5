namespace Hone.Algorithms.Tests;

/// <summary>Numbers that differ by no more than a bound count as equal; NaN equals NaN.</summary>
internal sealed class AbsoluteTolerance : IEqualityComparer<double>, IEqualityComparer<float>
{
    private readonly double _bound;

    private AbsoluteTolerance(double bound) => _bound = bound;

    public static AbsoluteTolerance Of(double bound) => new(bound);

    public bool Equals(double x, double y) => x.Equals(y) || Math.Abs(x - y) <= _bound;

    public bool Equals(float x, float y) => Equals((double)x, y);

    public int GetHashCode(double value) => 0;

    public int GetHashCode(float value) => 0;
}
