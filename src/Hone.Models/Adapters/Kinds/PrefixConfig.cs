namespace Hone.Models.Adapters.Kinds;

/// <summary>Keys and values of virtual tokens before each sequence, in every layer.</summary>
/// <remarks>Prefix tuning, arXiv:2101.00190, as P-Tuning v2, arXiv:2110.07602, without the projection. Keys are not
/// rotated.</remarks>
public sealed record PrefixConfig : AdapterConfig
{
    /// <inheritdoc/>
    public override string Kind => "PREFIX_TUNING";

    /// <summary>Virtual tokens.</summary>
    public required int VirtualTokens { get; init; }

    /// <summary>Whether keys and values are made by a small network in training; only what it makes is stored in the
    /// end.</summary>
    public bool Projection { get; init; }

    /// <summary>The inner width of that network.</summary>
    public int EncoderHidden { get; init; }

    /// <summary>Whether a fresh one is all 0; else it is drawn.</summary>
    public bool BeginAtZero { get; init; }
}
