using Hone.Models.Adapters.Kinds;
using Hone.Models.Configuration;

namespace Hone.Training.Recipes.Adapters;

/// <summary>An adapter that exists already and is trained on.</summary>
public sealed record SavedAdapterOptions : AdapterOptions
{
    /// <summary>The folder of the adapter.</summary>
    public required string Path { get; init; }

    /// <inheritdoc/>
    internal override AdapterConfig ToConfig(DecoderConfig model, int updates) =>
        throw new InvalidOperationException("a saved adapter says itself what it is");
}
