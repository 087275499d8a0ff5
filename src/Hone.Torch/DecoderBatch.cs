namespace Hone.Torch;

/// <summary>The tokens of one step over a cache.</summary>
/// <param name="Ids">int64 <c>[token]</c>, sequence after sequence.</param>
/// <param name="BlockTable">int32 <c>[sequence, max_pages]</c>: the pages of each context, in order.</param>
/// <param name="QueryStarts">int32 <c>[sequence + 1]</c>, rising from 0 to token.</param>
/// <param name="ContextLengths">int32 <c>[sequence]</c>: tokens of each context, the new ones included.</param>
/// <param name="Wanted">int64 <c>[wanted]</c>: the tokens that predict one.</param>
/// <param name="Rotations">Cosines and sines, float32 <c>[row, half]</c>, and the row of each token, int64
/// <c>[token]</c>, of each rotation, one after the other.</param>
/// <param name="Adapters">What <see cref="Fused.DecoderAdapter"/> made.</param>
/// <param name="AdapterOf">int32 <c>[sequence]</c>: which of them each has, by its place, or -1.</param>
public sealed record DecoderBatch(
    Tensor Ids, Tensor BlockTable, Tensor QueryStarts, Tensor ContextLengths, Tensor Wanted,
    IReadOnlyList<Tensor> Rotations, IReadOnlyList<Tensor> Adapters, Tensor AdapterOf);
