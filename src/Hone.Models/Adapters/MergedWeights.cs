using Hone.Models.Layers;
using Hone.Torch;

namespace Hone.Models.Adapters;

/// <summary>The weights of a model with adapters in them: what the adapted model computes, without any
/// adapter.</summary>
/// <remarks>
/// A head that is the embedding matrix stays what it was when an adapter changes the embedding alone (and the other way
/// round): the merged model has a head of its own then. Sums are made in float32 and rounded once to the type of the
/// weight.
/// </remarks>
public static class MergedWeights
{
    /// <summary>The weights that change, by their Hugging Face names; they belong to the scope that is open.</summary>
    /// <param name="decoder">The model.</param>
    /// <param name="adapters">The adapters with their weights.</param>
    /// <returns>New values; where the head and the embedding come to differ, <c>lm_head.weight</c> (or what the family
    /// calls it) is among them.</returns>
    /// <exception cref="CheckpointException">An adapter does what no weight can hold.</exception>
    public static IReadOnlyDictionary<string, Tensor> Of(Decoder decoder, AdapterCombination adapters)
    {
        Check(adapters);
        using var noGrad = Autograd.NoGrad();
        var (modules, merged) = (decoder.Modules, new Dictionary<string, Tensor>(StringComparer.Ordinal));
        foreach (var linear in modules.Linears)
        {
            Add(merged, adapters, linear.Name, linear.Weights(), linear.Weight.StoredType, linear.InputMajor);
        }

        foreach (var table in modules.Embeddings)
        {
            var weights = new ModuleWeights(table.Weight.Value.To(DType.Float32), null);
            Add(merged, adapters, table.Name, weights, table.Weight.StoredType, transposed: false);
        }

        foreach (var norm in modules.Norms)
        {
            var weights = new ModuleWeights(norm.Weight.Value.To(DType.Float32), norm.Bias?.Value.To(DType.Float32));
            Add(merged, adapters, norm.Name, weights, norm.Weight.StoredType, transposed: false);
        }

        AddHead(merged, adapters, modules);
        return merged;
    }

    private static void AddHead(Dictionary<string, Tensor> merged, AdapterCombination adapters, ModuleCatalog modules)
    {
        var head = modules.Head;
        if (!modules.Config.TiedHead || modules.Config.Labels is not null)
        {
            Add(merged, adapters, head.Name, head.Weights(), head.Weight.StoredType, transposed: false);
            return;
        }

        // One matrix with two uses: it stays one where both change alike, else the head gets its own.
        var (embedding, headParts) = (
            merged.GetValueOrDefault($"{modules.Embedding.Name}.weight"), adapters.PartsOf(head.Name));
        var own = headParts.Aggregate(head.Weights(), (weights, part) => part.Part.Merge(weights, part.Weight)).Weight;
        if ((embedding is not null || headParts.Count > 0) && !IsEqual(own, embedding ?? head.Weight.Value))
        {
            merged[$"{head.Name}.weight"] = Round(own, head.Weight.Value.DType);
        }
    }

    private static void Add(
        Dictionary<string, Tensor> merged,
        AdapterCombination adapters,
        string module,
        ModuleWeights weights,
        DType stored,
        bool transposed)
    {
        if (adapters.PartsOf(module) is not [_, ..] parts)
        {
            return;
        }

        var result = parts.Aggregate(weights, (before, part) => part.Part.Merge(before, part.Weight));
        if (!ReferenceEquals(result.Weight, weights.Weight))
        {
            var laidOut = transposed ? result.Weight.Transpose(0, 1) : result.Weight;
            merged[$"{module}.weight"] = Round(laidOut, stored);
        }

        if (result.Bias is { } bias && !ReferenceEquals(bias, weights.Bias))
        {
            merged[$"{module}.bias"] = Round(bias, stored);
        }
    }

    private static Tensor Round(Tensor weight, DType type) => weight.Detach().To(type).Contiguous();

    private static bool IsEqual(Tensor first, Tensor second) =>
        (first - second.To(first.DType)).Abs().Max().Item() == 0;

    private static void Check(AdapterCombination adapters)
    {
        if (adapters.ChangesLayers || adapters.VirtualTokens > 0)
        {
            throw new CheckpointException(
                "merge: an adapter must be a change of weights, this one "
                + (adapters.VirtualTokens > 0
                    ? "puts virtual tokens before each sequence"
                    : "adds layers (bottlenecks)") + "; use it unmerged");
        }
    }
}
