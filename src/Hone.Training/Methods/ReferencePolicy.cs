using Hone.Data;
using Hone.Models;
using Hone.Models.Adapters;

namespace Hone.Training.Methods;

/// <summary>The policy that a run began with: another copy of the model, or the same model with other adapters switched
/// on.</summary>
/// <param name="decoder">The model.</param>
/// <param name="adapters">What is switched on; null where it is another copy, which has what it has.</param>
/// <param name="owned">What is disposed of with this object; null for nothing.</param>
internal sealed class ReferencePolicy(Decoder decoder, AdapterCombination? adapters, IDisposable? owned) : IDisposable
{
    /// <summary>log π of each target of each example; the ranks divide the examples.</summary>
    public float[][] LogProbs(
        TrainingContext context,
        IReadOnlyList<TrainingExample> examples,
        double temperature,
        CancellationToken cancel)
    {
        using var use = decoder.Adapters.With(adapters ?? decoder.Adapters.Active);
        return context.LogProbs(decoder, examples, temperature, cancel);
    }

    public void Dispose() => owned?.Dispose();
}
