namespace Hone.Torch;

/// <summary>One process's place among those that compute together, and its patience with the others.</summary>
public sealed record ProcessGroupOptions
{
    /// <summary>This process's number, from 0.</summary>
    public required int Rank { get; init; }

    /// <summary>The number of processes.</summary>
    public required int Size { get; init; }

    /// <summary>How long to wait for all to come.</summary>
    public TimeSpan JoinLimit { get; init; } = TimeSpan.FromMinutes(5);

    /// <summary>How long one operation may take, the wait for the slowest rank included.</summary>
    public TimeSpan OperationLimit { get; init; } = TimeSpan.FromMinutes(30);

    /// <summary>How long a rank may give no sign of life before it counts as gone.</summary>
    public TimeSpan SilenceLimit { get; init; } = TimeSpan.FromMinutes(1);

    /// <summary>The network interface for tensors, such as <c>eth0</c>; empty takes the one that reaches the
    /// rendezvous.</summary>
    public string Interface { get; init; } = "";
}
