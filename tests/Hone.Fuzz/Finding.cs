namespace Hone.Fuzz;

/// <summary>An input that a reader does not bear.</summary>
/// <param name="Target">The reader.</param>
/// <param name="Index">Which input of the run it was.</param>
/// <param name="Fault">What happened.</param>
/// <param name="Input">The input.</param>
public sealed record Finding(string Target, long Index, string Fault, byte[] Input);
