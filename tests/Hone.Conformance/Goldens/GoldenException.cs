namespace Hone.Conformance.Goldens;

/// <summary>A goldens file, an index entry or a field is missing or does not say what its format promises.</summary>
public sealed class GoldenException(string message, Exception? cause = null) : Exception(message, cause);
