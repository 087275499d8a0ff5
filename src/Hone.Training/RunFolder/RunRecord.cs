namespace Hone.Training;

/// <summary>What a run ran on. One is added to <c>run.json</c> each time that the run starts or goes on.</summary>
public sealed record RunRecord
{
    /// <summary>When it started, UTC.</summary>
    public required DateTimeOffset Started { get; init; }

    /// <summary>Steps that were done already.</summary>
    public required int Step { get; init; }

    /// <summary>The version of Hone.</summary>
    public required string Version { get; init; }

    /// <summary>The seed of the recipe.</summary>
    public required long Seed { get; init; }

    /// <summary>What each name of the hub in the recipe stood for: <c>org/name@commit</c>.</summary>
    public IReadOnlyDictionary<string, string> Sources { get; init; } = new Dictionary<string, string>();

    /// <summary>The dtype of matrix products that was picked.</summary>
    public required string Compute { get; init; }

    /// <summary>Why it was picked, in words.</summary>
    public required string ComputeReason { get; init; }

    /// <summary>Processes that train together.</summary>
    public int Ranks { get; init; } = 1;

    /// <summary>Threads that compute in each process.</summary>
    public required int Threads { get; init; }

    /// <summary>What the processor can do.</summary>
    public required string Processor { get; init; }

    /// <summary>The version of libtorch.</summary>
    public required string Libtorch { get; init; }

    /// <summary>The library of matrix products behind it.</summary>
    public required string Blas { get; init; }

    /// <summary>The system and its runtime.</summary>
    public required string System { get; init; }
}
