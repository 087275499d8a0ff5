using Hone.Models.Configuration;
using Hone.Models.Families;

namespace Hone.Models.Layers;

/// <summary>The modules of a decoder by their Hugging Face names: what adapters can be put on.</summary>
internal sealed record ModuleCatalog
{
    /// <summary>The architecture.</summary>
    public required DecoderConfig Config { get; init; }

    /// <summary>What the family calls its modules.</summary>
    public required DecoderNames Names { get; init; }

    /// <summary>What all parameters share.</summary>
    public required WeightClock Clock { get; init; }

    /// <summary>The embeddings of tokens, and those of positions where there are any.</summary>
    public required IReadOnlyList<EmbeddingTable> Embeddings { get; init; }

    /// <summary>All linear layers in the order of the model, but for the head.</summary>
    public required IReadOnlyList<Linear> Linears { get; init; }

    /// <summary>The normalisations.</summary>
    public required IReadOnlyList<Norm> Norms { get; init; }

    /// <summary>The head.</summary>
    public required Linear Head { get; init; }

    /// <summary>The embeddings of tokens.</summary>
    public EmbeddingTable Embedding => Embeddings[0];

    /// <summary>All linear layers, the head last.</summary>
    public IEnumerable<Linear> AllLinears => Linears.Append(Head);

    /// <summary>The names of all modules.</summary>
    public IEnumerable<string> All =>
        Embeddings.Select(table => table.Name).Concat(AllLinears.Select(linear => linear.Name)).Concat(
            Norms.Select(norm => norm.Name));

    /// <summary>Biases of linear layers and normalisations, by the module's name.</summary>
    public IEnumerable<(string Module, Parameter Bias)> Biases =>
        AllLinears.Select(linear => (linear.Name, linear.Bias))
        .Concat(Norms.Select(norm => (norm.Name, norm.Bias)))
        .Where(module => module.Bias is not null)
        .Select(module => (module.Name, module.Bias!));
}
