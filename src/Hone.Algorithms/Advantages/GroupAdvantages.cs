namespace Hone.Algorithms;

/// <summary>The advantages of a batch of groups, with what is worth logging about them.</summary>
/// <param name="Values">One a sample, <c>[sample]</c>; 0 where no reward applies.</param>
/// <param name="Rewards">The weighted total of each sample, <c>[sample]</c>; NaN where no reward applies.</param>
/// <param name="WithoutSpread">Of all samples, how many have a divisor of 0: their groups teach nothing.</param>
public sealed record GroupAdvantages(double[] Values, double[] Rewards, MeanParts WithoutSpread);
