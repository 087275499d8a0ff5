using Hone.Torch;

namespace Hone.Models.Layers;

/// <summary>Cosines and sines for the tokens of a batch.</summary>
/// <param name="Cosines"><c>[row, dim/2]</c>.</param>
/// <param name="Sines"><c>[row, dim/2]</c>.</param>
/// <param name="Rows">The row of each token, int64 <c>[token]</c>.</param>
internal sealed record Rotation(Tensor Cosines, Tensor Sines, Tensor Rows)
{
    /// <summary>Turns queries or keys <c>[token, head, dim]</c>.</summary>
    public Tensor Turn(Tensor x) => Fused.Rotary(x, Cosines, Sines, Rows);
}
