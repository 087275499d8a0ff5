using Hone.Algorithms.Optimizers;
using Hone.Models;
using Hone.Models.Checkpoints;
using Hone.Torch;
using Hone.Training.Checkpoints;
using Hone.Training.Updates;

namespace Hone.Training.Trained;

/// <summary>All weights of a model.</summary>
internal sealed class WholeModel : ITrainedWeights
{
    private readonly ModelFolder _model;
    private readonly string? _chatTemplate;

    /// <summary>Makes the model's weights trainable.</summary>
    /// <param name="model">The model. It is borrowed.</param>
    /// <param name="chatTemplate">The text of the chat template that it is trained with in place of its own; null for
    /// none.</param>
    public WholeModel(ModelFolder model, string? chatTemplate)
    {
        (_model, _chatTemplate) = (model, chatTemplate);
        model.Decoder.SetTrainable(true);
    }

    public IReadOnlyDictionary<string, Tensor> Parameters => _model.Decoder.Parameters;

    public IEnumerable<KeyValuePair<string, Tensor>> State => Parameters;

    public IUpdatePart? Part => null;

    public bool Drops => false;

    public WeightRule RuleOf(string name, Tensor weight) => new(DecayGroups.Decays(name));

    public void Save(string folder)
    {
        _model.Save(folder, DType.Float32);
        ChosenTemplate.Write(_chatTemplate, folder);
    }

    public void Restore(SavedCheckpoint saved)
    {
        using var still = Autograd.NoGrad();
        using var weights = Checkpoint.Open(saved.Path);
        foreach (var (name, weight) in Parameters)
        {
            using var scope = TensorScope.Open();
            weight.CopyFrom(weights.Load(name));
        }

        _model.Decoder.WeightsChanged();
    }

    public void SaveFinal(string folder)
    {
        _model.Save(folder);
        ChosenTemplate.Write(_chatTemplate, folder);
    }

    public void Dispose()
    {
    }
}
