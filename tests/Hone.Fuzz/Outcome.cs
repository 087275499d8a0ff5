namespace Hone.Fuzz;

/// <summary>What became of one input.</summary>
/// <param name="IsRead">Whether the reader took it as sound.</param>
/// <param name="Answer">The refusal, or how much was read.</param>
/// <param name="Fault">What must not happen, in words; null where the input was read or refused as it should
/// be.</param>
public readonly record struct Outcome(bool IsRead, string Answer, string? Fault);
