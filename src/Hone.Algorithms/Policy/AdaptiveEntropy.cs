namespace Hone.Algorithms;

/// <summary>An entropy bonus that grows while the policy is too certain and shrinks while it is not.</summary>
/// <remarks>
/// Skywork-OR1, arXiv:2505.22312. The bonus acts in a step only if the entropy of the step before was at most the
/// target; before the first step it counts as infinite.
/// </remarks>
/// <param name="Coefficient">The coefficient of the next step.</param>
/// <param name="Target">The entropy to hold, in nats.</param>
public sealed record AdaptiveEntropy(double Coefficient, double Target)
{
    /// <summary>By how much a step changes the coefficient.</summary>
    public double Change { get; init; } = 0.005;

    /// <summary>The smallest coefficient.</summary>
    public double Smallest { get; init; }

    /// <summary>The largest coefficient.</summary>
    public double Largest { get; init; } = 1;

    /// <summary>The entropy of the step before, in nats.</summary>
    public double LastEntropy { get; init; } = double.PositiveInfinity;

    /// <summary>The coefficient that acts in the next step: 0 while the policy is uncertain enough.</summary>
    public double Active => LastEntropy <= Target ? Coefficient : 0;

    /// <summary>The state after a step of mean entropy <paramref name="entropy"/>.</summary>
    public AdaptiveEntropy After(double entropy) => this with
    {
        Coefficient = Math.Clamp(Coefficient + (entropy <= Target ? Change : -Change), Smallest, Largest),
        LastEntropy = entropy,
    };
}
