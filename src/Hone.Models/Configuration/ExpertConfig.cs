namespace Hone.Models.Configuration;

/// <summary>
/// A mixture of experts in place of the dense feed-forward part: a router picks a few of many for each token.
/// </summary>
public sealed record ExpertConfig
{
    /// <summary>How many experts.</summary>
    public required int Count { get; init; }

    /// <summary>How many a token goes through.</summary>
    public required int PerToken { get; init; }

    /// <summary>Width of an expert.</summary>
    public required int InnerSize { get; init; }

    /// <summary>How the router's logits become scores.</summary>
    public RouterScore Score { get; init; } = RouterScore.Softmax;

    /// <summary>Whether the weights of the chosen experts are made to sum to 1.</summary>
    public bool Renormalise { get; init; }

    /// <summary>Factor of the chosen experts' weights.</summary>
    public double Factor { get; init; } = 1;

    /// <summary>Whether a stored bias is added to the scores for the choice alone.</summary>
    public bool ChoiceBias { get; init; }

    /// <summary>Groups that experts form; 1 for none.</summary>
    public int Groups { get; init; } = 1;

    /// <summary>Groups that a token's experts may come from.</summary>
    public int GroupsPerToken { get; init; } = 1;

    /// <summary>How many of a group's best scores add up to the group's.</summary>
    public int GroupScores { get; init; } = 1;

    /// <summary>Width of the expert that every token goes through; 0 for none.</summary>
    public int SharedInnerSize { get; init; }

    /// <summary>Whether what the shared expert gives is multiplied by a learned gate.</summary>
    public bool SharedGate { get; init; }
}
