using Hone.Torch;

namespace Hone.Algorithms.Ranks;

/// <summary>The three factors of one matrix B·diag(E)·A of adaptive rank.</summary>
/// <param name="Name">What messages and states call it.</param>
/// <param name="A">A, <c>[r, in]</c>.</param>
/// <param name="E">E, <c>[r, 1]</c>.</param>
/// <param name="B">B, <c>[out, r]</c>.</param>
public sealed record RankTriplet(string Name, Tensor A, Tensor E, Tensor B)
{
    /// <summary>r.</summary>
    public int Rank => (int)E.Size(0);
}
