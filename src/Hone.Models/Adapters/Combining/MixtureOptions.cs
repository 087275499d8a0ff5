namespace Hone.Models.Adapters.Combining;

/// <summary>How several low-rank adapters become one.</summary>
public sealed record MixtureOptions
{
    /// <summary>The way.</summary>
    public required MixtureKind Kind { get; init; }

    /// <summary>The rank of the result where it is free (<see cref="MixtureKind.Svd"/>,
    /// <see cref="MixtureKind.TiesSvd"/>); null for the largest of the adapters.</summary>
    public int? Rank { get; init; }

    /// <summary>The share of numbers that pruning keeps, the largest by magnitude, in (0, 1].</summary>
    public double Density { get; init; } = 1;

    /// <summary>Whether adapters vote with what they add; else each has one vote.</summary>
    public bool VotesByMagnitude { get; init; } = true;
}

/// <summary>Ways to make one low-rank adapter of several.</summary>
public enum MixtureKind
{
    /// <summary>The weighted sum exactly, by factors one behind the other: ranks add up.</summary>
    Cat,

    /// <summary>Factors are summed, A and B apart: of one rank, with products of one adapter's B and another's A in the
    /// result.</summary>
    Linear,

    /// <summary>The weighted sum as near as the rank allows, by its largest singular values.</summary>
    Svd,

    /// <summary>Factors pruned, then summed where their signs agree with the majority's (TIES,
    /// arXiv:2306.01708).</summary>
    Ties,

    /// <summary>TIES on what the adapters add, and of that the nearest of the rank.</summary>
    TiesSvd,

    /// <summary>Factors pruned, then summed.</summary>
    MagnitudePrune,
}
