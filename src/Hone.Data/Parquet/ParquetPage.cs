namespace Hone.Data;

/// <summary>A page of a column, ready to be read entry by entry.</summary>
/// <param name="Entries">How many entries it has, nulls and empty lists among them.</param>
/// <param name="Repetitions">The repetition level of each; null where all are 0.</param>
/// <param name="Definitions">The definition level of each; null where all are 0.</param>
/// <param name="Values">The values that are there.</param>
internal sealed record ParquetPage(int Entries, RunReader? Repetitions, RunReader? Definitions, IParquetValues Values);
