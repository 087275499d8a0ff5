using Hone.Torch;

namespace Hone.Algorithms;

/// <summary>What is minimised for a pair, given how much likelier its answers have become.</summary>
public interface IPreferenceObjective
{
    /// <summary>The term of each pair, <c>[pair]</c>.</summary>
    public Tensor Compute(LogRatios ratios);
}
