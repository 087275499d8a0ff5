using Hone.Torch;

namespace Hone.Models.Adapters;

/// <summary>Adapters in a model's own weights, until it is disposed: then the weights are what they were, bit for
/// bit.</summary>
/// <remarks>
/// Subtracting what was added would leave rounding errors behind, so the weights that change are kept; that is the
/// memory it takes. The adapters should be switched off meanwhile.
/// </remarks>
public sealed class AdapterMerge : IDisposable
{
    private readonly Decoder _decoder;
    private readonly Dictionary<string, Tensor> _before = new(StringComparer.Ordinal);

    private AdapterMerge(Decoder decoder) => _decoder = decoder;

    /// <summary>Merges adapters into a model's weights.</summary>
    /// <param name="decoder">The model.</param>
    /// <param name="adapters">The adapters with their weights.</param>
    /// <exception cref="CheckpointException">An adapter does what no weight of the model can hold.</exception>
    public static AdapterMerge Into(Decoder decoder, AdapterCombination adapters)
    {
        using var scope = TensorScope.Open();
        using var noGrad = Autograd.NoGrad();
        var merged = MergedWeights.Of(decoder, adapters);
        if (merged.Keys.FirstOrDefault(decoder.CodedWeights.ContainsKey) is { } coded)
        {
            throw new CheckpointException(
                $"merge: weights must be numbers, \"{coded}\" is kept in 4 bits and would lose most of the change; "
                + "load the model without quantisation, or use the adapter unmerged");
        }

        if (merged.Keys.FirstOrDefault(name => IsShared(decoder, name)) is { } own)
        {
            throw new CheckpointException(
                $"merge: places that share one matrix must change alike, \"{own}\" would differ from the others; "
                + "write a merged model, where each has a matrix of its own, or use the adapter unmerged");
        }

        var merge = new AdapterMerge(decoder);
        foreach (var (name, weight) in merged)
        {
            merge._before.Add(name, TensorScope.Detach(decoder.Weights[name].Clone().Detach()));
            decoder.Weights[name].CopyFrom(weight);
        }

        decoder.WeightsChanged();
        return merge;
    }

    // A head that is the embedding has no weight of its own; of layers that share weights each weight has several
    // places.
    private static bool IsShared(Decoder decoder, string name) => !decoder.Weights.TryGetValue(name, out var weight)
        || decoder.Weights.Values.Count(other => ReferenceEquals(other, weight)) > 1;

    /// <summary>Gives the model its weights back.</summary>
    public void Dispose()
    {
        using var noGrad = Autograd.NoGrad();
        foreach (var (name, weight) in _before)
        {
            _decoder.Weights[name].CopyFrom(weight);
            weight.Dispose();
        }

        _before.Clear();
        _decoder.WeightsChanged();
    }
}
