using Hone.Algorithms.Optimizers;
using Hone.Models;
using Hone.Models.Adapters;
using Hone.Models.Adapters.Kinds;
using Hone.Models.Configuration;
using Hone.Torch;
using Hone.Training.Checkpoints;
using Hone.Training.Recipes;
using Hone.Training.Recipes.Adapters;
using Hone.Training.Updates;

namespace Hone.Training.Trained;

/// <summary>An adapter on a model whose own weights stay as they are.</summary>
internal sealed class TrainedAdapter : ITrainedWeights
{
    private readonly ModelFolder _model;
    private readonly Recipe _recipe;
    private readonly Adapter _adapter;
    private readonly string? _chatTemplate;
    private readonly AdapterRanks? _ranks;

    /// <summary>Makes an adapter trainable that is switched on.</summary>
    /// <param name="model">The model, with the adapter. It is borrowed.</param>
    /// <param name="recipe">The recipe.</param>
    /// <param name="adapter">The adapter. It is borrowed.</param>
    /// <param name="chatTemplate">The text of the chat template that it is trained with in place of the model's own;
    /// null for none.</param>
    public TrainedAdapter(ModelFolder model, Recipe recipe, Adapter adapter, string? chatTemplate)
    {
        (_model, _recipe, _adapter, _chatTemplate) = (model, recipe, adapter, chatTemplate);
        adapter.SetTrainable(true);
        _ranks = recipe.Adapter is AdaLoraOptions ? new AdapterRanks(adapter) : null;
        if (Lora is { FreezeA: true })
        {
            foreach (var (_, factor) in adapter.Parameters.Where(one => IsA(one.Key)))
            {
                factor.RequiresGrad = false;
            }
        }

        Parameters = new OrderedDictionary<string, Tensor>(
            adapter.Parameters.Where(one => one.Value.RequiresGrad), StringComparer.Ordinal);
    }

    public IReadOnlyDictionary<string, Tensor> Parameters { get; }

    public IEnumerable<KeyValuePair<string, Tensor>> State => _adapter.State;

    public IUpdatePart? Part => _ranks;

    public bool Drops => _adapter.Config is LoraConfig { Dropout: > 0 } or AdaLoraConfig { Dropout: > 0 }
        or VeraConfig { Dropout: > 0 } or BottleneckConfig { Dropout: > 0 };

    private LoraOptions? Lora => _recipe.Adapter as LoraOptions;

    private double Rate => _recipe.Optimizer.LearningRate;

    public WeightRule RuleOf(string name, Tensor weight)
    {
        if (Lora is not { } lora)
        {
            return new WeightRule(DecayGroups.Decays(name));
        }

        var rates = new LoraPlus { Ratio = lora.LoraPlusRatio, EmbeddingRate = lora.EmbeddingRate ?? Rate };
        var dimensions = weight.Shape.Length;
        var isLayerNorm = _model.Decoder.Config.Norm.Kind == NormKind.Layer && !DecayGroups.Decays(name);
        var decays = lora.LoraPlusRatio == 1
            ? DecayGroups.Decays(name)
            : LoraPlus.Decays(name, dimensions, isLayerNorm);
        return new WeightRule(decays, rates.RateOf(name, dimensions, Rate) / Rate, Projection(lora, name));
    }

    public void Save(string folder)
    {
        using var scope = TensorScope.Open();
        _adapter.Save(folder);
        _adapter.SaveTraining(folder);
        _ranks?.Save(folder);
    }

    public void Restore(SavedCheckpoint saved)
    {
        _adapter.RestoreTraining(saved.Path);
        _ranks?.Restore(saved.Path);
        _model.Decoder.WeightsChanged();
    }

    public void SaveFinal(string folder)
    {
        _adapter.Save(folder);
        _model.CopyTokenizer(folder);
        ChosenTemplate.Write(_chatTemplate, folder);
    }

    public void Dispose() => _ranks?.Dispose();

    private Func<Tensor, Tensor>? Projection(LoraOptions lora, string name)
    {
        const string up = ".lora_B.weight";
        if (!lora.FreezeA || !name.EndsWith(up, StringComparison.Ordinal))
        {
            return null;
        }

        var module = name[..^up.Length];
        var factor = _adapter.Parameters[$"{module}.lora_A.weight"];
        var (_, scale) = ((LoraConfig)_adapter.Config).SizeOf(Adapter.ModuleOf(module));
        return gradient => LoraFa.Project(gradient, factor, scale);
    }

    private static bool IsA(string name) => name.EndsWith(".lora_A.weight", StringComparison.Ordinal)
        || name.EndsWith(".lora_embedding_A", StringComparison.Ordinal);
}
