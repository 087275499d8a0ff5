using Hone.Cli.Hubs;
using Hone.Data.Hub;

namespace Hone.Cli;

/// <summary>What a command works with.</summary>
/// <param name="Terminal">Where it reads and writes.</param>
/// <param name="Interruption">How it learns that it should stop.</param>
internal sealed record Session(Terminal Terminal, Interruption Interruption)
{
    /// <summary>The variables that say where the hub and its cache are.</summary>
    public HubEnvironment Environment { get; init; } = HubEnvironment.OfThisProcess();

    /// <summary>Finds models and data, on this machine or on the hub.</summary>
    public HubFiles Hub => new(this);
}
