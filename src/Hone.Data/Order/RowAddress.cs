namespace Hone.Data;

/// <summary>One row of one source.</summary>
/// <param name="Source">The source, from 0.</param>
/// <param name="Index">The row in it, from 0.</param>
public readonly record struct RowAddress(int Source, long Index);
