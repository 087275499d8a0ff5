using Hone.Models.Adapters.Kinds;
using Hone.Models.Configuration;

namespace Hone.Training.Recipes.Adapters;

/// <summary>An adapter that is put on some modules of the model.</summary>
public abstract record TargetedAdapterOptions : AdapterOptions
{
    private protected TargetedAdapterOptions()
    {
    }

    /// <summary>The modules it is put on, each by its name or the end of it after a dot, such as <c>q_proj</c>;
    /// <c>all-linear</c> stands for every linear layer but the head.</summary>
    public IReadOnlyList<string> TargetModules { get; init; } = ["all-linear"];

    /// <summary>A regular expression of whole module names in place of <c>target_modules</c>.</summary>
    public string? TargetPattern { get; init; }

    /// <summary>Modules that are left out, each by its name or the end of it after a dot.</summary>
    public IReadOnlyList<string> ExcludeModules { get; init; } = [];

    /// <summary>Numbers of the only layers to take, from 0; empty for all.</summary>
    [Interval("[0, ∞)")]
    public IReadOnlyList<int> LayersToTransform { get; init; } = [];

    /// <summary>What a layer's number stands behind in names, such as <c>layers</c>; empty for anything.</summary>
    public IReadOnlyList<string> LayersPattern { get; init; } = [];

    /// <summary>Modules that are trained and stored as a whole beside it, each by the end of its name.</summary>
    public IReadOnlyList<string> ModulesToSave { get; init; } = [];

    /// <summary>What does not fit together, each as <c>key: what must hold, what was found</c>.</summary>
    public virtual IEnumerable<string> Problems()
    {
        if (TargetPattern is null && TargetModules.Count == 0)
        {
            yield return "target_modules: must name at least one module, got none";
        }

        if (TargetModules is ["all-linear"] && TargetPattern is null && LayersToTransform.Count > 0)
        {
            yield return "layers_to_transform: must go with modules that are listed, target_modules is all-linear";
        }

        foreach (var fault in PatternProblems("target_pattern", TargetPattern))
        {
            yield return fault;
        }
    }

    /// <summary>The modules that are meant.</summary>
    private protected ModuleTargets Targets => new()
    {
        Names = TargetPattern is null && !IsAllLinear ? ValueList.Create<string>([.. TargetModules]) : [],
        Pattern = TargetPattern ?? (IsAllLinear ? "all-linear" : null),
        ExcludedNames = ValueList.Create<string>([.. ExcludeModules]),
        Layers = LayersToTransform.Count == 0 ? null : ValueList.Create<int>([.. LayersToTransform]),
        LayerPatterns = ValueList.Create<string>([.. LayersPattern]),
    };

    /// <summary>The modules that are stored as a whole.</summary>
    private protected ValueList<string> Saved => ValueList.Create<string>([.. ModulesToSave]);

    private bool IsAllLinear => TargetModules is ["all-linear"];
}
