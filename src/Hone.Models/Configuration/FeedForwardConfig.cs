namespace Hone.Models.Configuration;

/// <summary>
/// The dense feed-forward part of a layer: down(act(gate x) · up x), or down(act(up x)) without a gate.
/// </summary>
public sealed record FeedForwardConfig
{
    /// <summary>Width between the projections.</summary>
    public required int InnerSize { get; init; }

    /// <summary>The non-linearity.</summary>
    public required Activation Activation { get; init; }

    /// <summary>Whether there is a gate.</summary>
    public bool Gated { get; init; } = true;

    /// <summary>Whether the projections have biases.</summary>
    public bool Bias { get; init; }
}
