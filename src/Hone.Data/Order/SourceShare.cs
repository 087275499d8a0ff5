namespace Hone.Data;

/// <summary>A source's part in a mixture.</summary>
/// <param name="Rows">How many rows it has; at least one.</param>
/// <param name="Weight">How large its share of an epoch is, against the other weights; more than 0.</param>
public readonly record struct SourceShare(long Rows, double Weight);
