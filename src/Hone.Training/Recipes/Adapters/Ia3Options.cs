using Hone.Models.Adapters.Kinds;
using Hone.Models.Configuration;

namespace Hone.Training.Recipes.Adapters;

/// <summary>Vectors that outputs of attention layers and inputs of feed-forward layers are multiplied by ((IA)³,
/// arXiv:2205.05638).</summary>
public sealed record Ia3Options : TargetedAdapterOptions
{
    /// <summary>Those of the modules whose inputs are multiplied, each by the end of its name; of all others it is the
    /// outputs.</summary>
    public IReadOnlyList<string> FeedforwardModules { get; init; } = [];

    /// <inheritdoc/>
    internal override AdapterConfig ToConfig(DecoderConfig model, int updates) => new Ia3Config
    {
        Targets = Targets,
        FeedForward = ModuleTargets.Of([.. FeedforwardModules]),
        ModulesToSave = Saved,
    };
}
