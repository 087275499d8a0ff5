namespace Hone.Conformance.Checking;

/// <summary>How many cases passed, failed and were skipped.</summary>
public readonly record struct Tally(int Passed, int Failed, int Skipped)
{
    /// <summary>The sum of two tallies.</summary>
    public static Tally operator +(Tally left, Tally right) =>
        new(left.Passed + right.Passed, left.Failed + right.Failed, left.Skipped + right.Skipped);

    /// <inheritdoc/>
    public override string ToString() => $"{Passed} passed, {Failed} failed, {Skipped} skipped";
}
