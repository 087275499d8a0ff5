using Hone.Models.Adapters.Kinds;
using Hone.Models.Adapters.Parts;
using Hone.Models.Layers;

namespace Hone.Models.Adapters.Building;

/// <summary>Modules and biases that an adapter trains as a whole, in place of the base model's, which stay as they
/// are.</summary>
internal static class WholeModules
{
    /// <summary>The modules that <c>modules_to_save</c> names.</summary>
    public static void Build(AdapterBuilder builder, AdapterConfig config)
    {
        var modules = builder.Modules;
        if (config.ModulesToSave.FirstOrDefault(name => !builder.IsFromFile
            && !modules.All.Any(module => IsNamed(module, name))) is { } idle)
        {
            throw new CheckpointException(
                $"adapter {config.Kind}: modules_to_save must name modules of this model, \"{idle}\" fits none");
        }

        bool IsSaved(string module) => config.ModulesToSave.Any(name => IsNamed(module, name));

        foreach (var table in modules.Embeddings.Where(table => IsSaved(table.Name)))
        {
            var own = Copy(builder, $"{AdapterAssembly.Prefix}{table.Name}.weight", table.Weight);
            builder.Put(table.Name, new ReplacedEmbedding(own));
            if (config is LoraConfig { EnsureWeightTying: true } && table == modules.Embedding
                && modules.Config.TiedHead)
            {
                builder.Put(modules.Head.Name, new ReplacedLinear(modules.Head, own, null));
                builder.Save(new AdapterTensor(
                    $"{AdapterAssembly.Prefix}{modules.Head.Name}.weight", own.Spec.Shape, () => own.Value));
            }
        }

        foreach (var linear in modules.AllLinears.Where(linear => IsSaved(linear.Name)))
        {
            builder.Put(linear.Name, new ReplacedLinear(
                linear,
                Copy(builder, $"{AdapterAssembly.Prefix}{linear.Name}.weight", linear.Weight),
                Copy(builder, $"{AdapterAssembly.Prefix}{linear.Name}.bias", linear.Bias)));
        }

        foreach (var norm in modules.Norms.Where(norm => IsSaved(norm.Name)))
        {
            PutNorm(builder, norm, $"{AdapterAssembly.Prefix}{norm.Name}");
        }
    }

    /// <summary>Normalisations that are all that is trained.</summary>
    public static void BuildNorms(AdapterBuilder builder, NormTuningConfig config)
    {
        foreach (var norm in Targeting.Norms(builder, config, config.Targets))
        {
            PutNorm(builder, norm, $"{AdapterAssembly.Prefix}{norm.Name}.ln_tuning_layers");
        }
    }

    /// <summary>Biases of the base model that are trained with an adapter.</summary>
    /// <param name="builder">Where to.</param>
    /// <param name="training">Which.</param>
    /// <param name="targets">The modules that the adapter is put on.</param>
    public static void BuildBiases(AdapterBuilder builder, BiasTraining training, IReadOnlyCollection<string> targets)
    {
        if (training == BiasTraining.None)
        {
            return;
        }

        foreach (var (module, bias) in builder.Modules.Biases.Where(
            one => training == BiasTraining.All || targets.Contains(one.Module)))
        {
            var name = targets.Contains(module) ? $"{module}.base_layer.bias" : $"{module}.bias";
            var own = Copy(builder, AdapterAssembly.Prefix + name, bias);
            builder.Put(module, builder.Modules.Norms.FirstOrDefault(norm => norm.Name == module) is { } norm
                ? new ReplacedNorm(norm, null, own)
                : new BiasPart(bias, own));
        }
    }

    private static void PutNorm(AdapterBuilder builder, Norm norm, string name) => builder.Put(
        norm.Name, new ReplacedNorm(
            norm, Copy(builder, $"{name}.weight", norm.Weight), Copy(builder, $"{name}.bias", norm.Bias)));

    [return: System.Diagnostics.CodeAnalysis.NotNullIfNotNull(nameof(of))]
    private static Parameter? Copy(AdapterBuilder builder, string name, Parameter? of) =>
        of is null ? null : builder.Add(name, of.Spec.Shape, _ => of.Read().Clone());

    // The library compares plain ends of names, and a module brings those inside of it.
    private static bool IsNamed(string module, string name)
    {
        for (var end = module.Length; end > 0; end = module.LastIndexOf('.', end - 1))
        {
            if (module.AsSpan(0, end).EndsWith(name, StringComparison.Ordinal))
            {
                return true;
            }
        }

        return false;
    }
}
