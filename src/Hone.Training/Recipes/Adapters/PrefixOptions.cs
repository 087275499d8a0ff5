using Hone.Models.Adapters.Kinds;
using Hone.Models.Configuration;

namespace Hone.Training.Recipes.Adapters;

/// <summary>Keys and values of virtual tokens before each sequence in every layer (prefix tuning, arXiv:2101.00190;
/// P-Tuning v2, arXiv:2110.07602).</summary>
public sealed record PrefixOptions : AdapterOptions
{
    /// <summary>Virtual tokens.</summary>
    [Interval("[1, ∞)")]
    public required int VirtualTokens { get; init; }

    /// <summary>Whether keys and values are made by a small network while it trains.</summary>
    public bool Projection { get; init; }

    /// <summary>The inner width of that network; by default the model's hidden size.</summary>
    [Interval("[1, ∞)")]
    public int? EncoderHidden { get; init; }

    /// <inheritdoc/>
    internal override AdapterConfig ToConfig(DecoderConfig model, int updates) => new PrefixConfig
    {
        VirtualTokens = VirtualTokens,
        Projection = Projection,
        EncoderHidden = EncoderHidden ?? model.HiddenSize,
    };
}
