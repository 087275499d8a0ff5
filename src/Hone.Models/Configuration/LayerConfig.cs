namespace Hone.Models.Configuration;

/// <summary>What is particular to one layer.</summary>
/// <param name="Window">Positions a token sees, itself included; 0 for all before it.</param>
/// <param name="Rotary">Which rotation its queries and keys get.</param>
/// <param name="Experts">Whether it has experts in place of the dense feed-forward part.</param>
public readonly record struct LayerConfig(int Window = 0, RotaryUse Rotary = RotaryUse.Main, bool Experts = false);
