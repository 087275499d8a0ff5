namespace Hone.Models.Configuration;

/// <summary>
/// Rotary position embedding: pairs of numbers of a head turn by an angle proportional to the position.
/// </summary>
/// <remarks>RoFormer, arXiv:2104.09864: pair j of d/2 turns by position · θ^(−2j/d).</remarks>
/// <param name="Theta">The base θ.</param>
/// <param name="Dimensions">Numbers at the start of a head that turn; even.</param>
/// <param name="Scaling">How frequencies are changed for longer contexts.</param>
public sealed record RotaryConfig(double Theta, int Dimensions, RopeScaling Scaling);
