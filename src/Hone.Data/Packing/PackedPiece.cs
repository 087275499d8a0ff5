namespace Hone.Data;

/// <summary>A part of a sequence in a packed row.</summary>
/// <param name="Example">The sequence, as an index into what was packed.</param>
/// <param name="Start">The part's first token in it.</param>
/// <param name="Length">The part's length in tokens; more than 0.</param>
public readonly record struct PackedPiece(int Example, int Start, int Length);
