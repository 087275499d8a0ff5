using Hone.Torch;
using Hone.Training.Checkpoints;
using Hone.Training.Updates;

namespace Hone.Training.Trained;

/// <summary>What a run trains: the weights of a model, or an adapter on it.</summary>
internal interface ITrainedWeights : IDisposable
{
    /// <summary>The weights by name, float32, in a fixed order.</summary>
    public IReadOnlyDictionary<string, Tensor> Parameters { get; }

    /// <summary>All tensors that ranks must have alike, beside those of a model that stays as it is.</summary>
    public IEnumerable<KeyValuePair<string, Tensor>> State { get; }

    /// <summary>What takes part in every update beside the objective; null for nothing.</summary>
    public IUpdatePart? Part { get; }

    /// <summary>Whether numbers are dropped in training.</summary>
    public bool Drops { get; }

    /// <summary>What the update of a weight has of its own.</summary>
    public WeightRule RuleOf(string name, Tensor weight);

    /// <summary>Writes what a checkpoint holds of them.</summary>
    /// <param name="folder">Where to.</param>
    public void Save(string folder);

    /// <summary>Takes over what a checkpoint holds.</summary>
    public void Restore(SavedCheckpoint saved);

    /// <summary>Writes what the run has made of them.</summary>
    /// <param name="folder">Where to.</param>
    public void SaveFinal(string folder);
}
