namespace Hone.Evaluation.Tasks;

/// <summary>The kind of problems that an <see cref="ArithmeticTask"/> draws.</summary>
public sealed record ArithmeticOptions
{
    /// <summary>Numbers that a problem has; between two of them stands <c>+</c> or <c>-</c>.</summary>
    public int Operands { get; init; } = 4;

    /// <summary>The smallest number of a problem; at least 0.</summary>
    public int SmallestOperand { get; init; } = 2;

    /// <summary>The largest number of a problem.</summary>
    public int LargestOperand { get; init; } = 9;

    /// <summary>What no running total exceeds; none is negative either.</summary>
    public int LargestTotal { get; init; } = 50;

    /// <summary>The share of all problems that is held out of every training stage, in (0, 1).</summary>
    public double HeldOutShare { get; init; } = 0.2;

    /// <summary>What does not fit together, each as <c>key: what must hold, what was found</c>.</summary>
    public IEnumerable<string> Problems()
    {
        (bool Broken, string Text)[] rules =
        [
            (Operands < 3,
                $"operands: must be at least 3, so that a problem is more than a single calculation, got {Operands}"),
            (SmallestOperand < 0, $"smallest_operand: must be 0 or more, got {SmallestOperand}"),
            (LargestOperand < SmallestOperand,
                $"largest_operand: must be at least smallest_operand ({SmallestOperand}), got {LargestOperand}"),
            (LargestTotal < LargestOperand,
                $"largest_total: must be at least largest_operand ({LargestOperand}), got {LargestTotal}"),
            (!(HeldOutShare is > 0 and < 1), $"held_out_share: must be between 0 and 1, got {HeldOutShare}"),
        ];
        return rules.Where(rule => rule.Broken).Select(rule => rule.Text);
    }
}
