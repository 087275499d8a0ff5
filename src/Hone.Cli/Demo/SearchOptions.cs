namespace Hone.Cli.Demo;

/// <summary>Test-time search: how often each held-out problem is answered.</summary>
internal sealed record SearchOptions
{
    /// <summary>Answers to each problem (N).</summary>
    public int Samples { get; init; } = 16;

    /// <summary>The temperature that they are sampled at.</summary>
    public double Temperature { get; init; } = 0.7;

    /// <summary>What does not fit together, each as <c>key: what must hold, what was found</c>.</summary>
    public IEnumerable<string> Problems()
    {
        if (Samples < 1)
        {
            yield return $"samples: must be at least 1, got {Samples}";
        }

        if (Temperature <= 0)
        {
            yield return $"temperature: must be more than 0, got {Temperature}";
        }
    }
}
