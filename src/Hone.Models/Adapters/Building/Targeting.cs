using Hone.Models.Adapters.Kinds;
using Hone.Models.Layers;

namespace Hone.Models.Adapters.Building;

/// <summary>Finds the modules that an adapter is put on.</summary>
internal static class Targeting
{
    /// <summary>The linear layers that are meant, the head last.</summary>
    /// <exception cref="CheckpointException">None is, or something else is too.</exception>
    public static IReadOnlyList<Linear> Linears(AdapterBuilder builder, AdapterConfig config, ModuleTargets targets)
    {
        var (linears, embeddings) = Find(builder, config, targets);
        return embeddings.Count == 0
            ? linears
            : throw new CheckpointException(
                $"adapter {config.Kind}: must be put on linear layers, \"{embeddings[0].Name}\" is an embedding; "
                + "leave it out of target_modules");
    }

    /// <summary>The linear layers and embeddings that are meant.</summary>
    /// <exception cref="CheckpointException">None is, or a normalisation is.</exception>
    public static (IReadOnlyList<Linear> Linears, IReadOnlyList<EmbeddingTable> Embeddings) Find(
        AdapterBuilder builder, AdapterConfig config, ModuleTargets targets)
    {
        var modules = builder.Modules;
        Require(builder, config, targets);
        if (modules.Norms.FirstOrDefault(norm => targets.Matches(norm.Name, false, config.ModulesToSave)) is { } norm)
        {
            throw new CheckpointException(
                $"adapter {config.Kind}: must be put on linear layers, \"{norm.Name}\" is a normalisation; "
                + "put it into modules_to_save");
        }

        return (
            [.. modules.AllLinears.Where(
                linear => targets.Matches(linear.Name, linear != modules.Head, config.ModulesToSave))],
            [.. modules.Embeddings.Where(table => targets.Matches(table.Name, false, config.ModulesToSave))]);
    }

    /// <summary>The normalisations that are meant.</summary>
    /// <exception cref="CheckpointException">None is.</exception>
    public static IReadOnlyList<Norm> Norms(AdapterBuilder builder, AdapterConfig config, ModuleTargets targets)
    {
        Require(builder, config, targets);
        return [.. builder.Modules.Norms.Where(norm => targets.Matches(norm.Name, false, config.ModulesToSave))];
    }

    // In a file some names may fit nothing; who writes names by hand wants each of them to fit.
    private static void Require(AdapterBuilder builder, AdapterConfig config, ModuleTargets targets)
    {
        bool Fits(ModuleTargets wanted) =>
            builder.Modules.All.Any(name => wanted.Matches(name, IsPlain(builder, name), config.ModulesToSave));

        var idle = builder.IsFromFile || targets.Pattern is not null
            ? null
            : targets.Names.FirstOrDefault(name => !Fits(ModuleTargets.Of(name)));
        if (idle is not null || !Fits(targets))
        {
            var wanted = idle ?? targets.Pattern ?? string.Join(", ", targets.Names);
            throw new CheckpointException(
                $"adapter {config.Kind}: target_modules must name modules of this model, \"{wanted}\" fits none; "
                + $"it has {string.Join(", ", builder.Modules.All.Select(LastName).Distinct())}");
        }
    }

    private static bool IsPlain(AdapterBuilder builder, string name) =>
        builder.Modules.Linears.Any(linear => linear.Name == name);

    private static string LastName(string module) => module[(module.LastIndexOf('.') + 1)..];
}
