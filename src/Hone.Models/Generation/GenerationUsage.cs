namespace Hone.Models.Generation;

/// <summary>What a run computed.</summary>
/// <param name="PromptTokens">Tokens of prompts that went through the model; a shared prompt counts once.</param>
/// <param name="NewTokens">Tokens that were chosen.</param>
/// <param name="Passes">Forward passes.</param>
/// <param name="PeakPages">Cache pages that were held at once.</param>
/// <param name="LeakedPages">Cache pages that were still held at the end; always 0.</param>
public readonly record struct GenerationUsage(long PromptTokens, long NewTokens, int Passes, int PeakPages, int LeakedPages);
