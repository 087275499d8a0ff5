namespace Hone.Data;

/// <summary>How far a run has come through its data. These two numbers are all that a resumed run needs.</summary>
/// <param name="Epoch">Whole passes that are done.</param>
/// <param name="Position">Items of the present pass that are done.</param>
public readonly record struct DataCursor(long Epoch, long Position);
