namespace Hone.Cli;

/// <summary>What a command works with.</summary>
/// <param name="Terminal">Where it reads and writes.</param>
/// <param name="Interruption">How it learns that it should stop.</param>
internal sealed record Session(Terminal Terminal, Interruption Interruption);
