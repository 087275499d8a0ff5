using Hone.Algorithms;
using Hone.Algorithms.Optimizers;
using Hone.Conformance.Goldens;
using Hone.Data;
using Hone.Models;
using Hone.Models.Adapters;
using Hone.Torch;
using Hone.Training.Metrics;
using Hone.Training.Updates;

namespace Hone.Conformance.Checks.Trajectories;

/// <summary>A real model under the product's own updates, fed with recorded examples.</summary>
internal sealed class TrainingRun : IDisposable
{
    private const int AllTokens = 1 << 20;

    private readonly ModelFolder _folder;
    private readonly OptimizerState _optimizer;
    private readonly ModelUpdater _updater;
    private readonly double _clipNorm;

    /// <summary>Loads the model and begins with moments of zero.</summary>
    /// <param name="folder">The model's folder.</param>
    /// <param name="rule">How weights move.</param>
    /// <param name="clipNorm">The longest gradient; 0 for any.</param>
    /// <param name="adapter">The folder of an adapter that is trained in place of the model; null for the
    /// model.</param>
    /// <param name="ownRule">What a weight has of its own; null for what the product gives it.</param>
    public TrainingRun(
        string folder,
        Adam rule,
        double clipNorm,
        string? adapter = null,
        Func<string, Tensor, WeightRule>? ownRule = null)
    {
        _folder = ModelFolder.Load(folder, adapter is null ? [] : [new NamedAdapter(adapter)]);
        Adapter = adapter is null ? null : _folder.Decoder.Adapters.Find(adapter).Adapters[0].Adapter;
        Adapter?.SetTrainable(true);
        _folder.Decoder.SetTrainable(Adapter is null);
        _optimizer = new OptimizerState(Weights, rule, clipNorm, ownRule);
        _updater = new ModelUpdater(_folder.Decoder, _optimizer, AllTokens);
        _clipNorm = clipNorm;
    }

    /// <summary>The model.</summary>
    public Decoder Decoder => _folder.Decoder;

    /// <summary>The adapter that is trained; null where it is the model.</summary>
    public Adapter? Adapter { get; }

    /// <summary>The weights that are trained, by name.</summary>
    public IReadOnlyDictionary<string, Tensor> Weights => Adapter?.Parameters ?? _folder.Decoder.Parameters;

    /// <summary>L2 norm of all weights.</summary>
    public double WeightNorm => GradientClipping.GlobalNorm(Weights.Values);

    /// <summary>L2 norm of the gradient of all weights, not clipped.</summary>
    public double GradientNorm => _optimizer.GradientNorm();

    /// <summary>Adds the gradient of a micro-batch. Returns its part of the loss and what it logged.</summary>
    public (double Loss, MetricSet Metrics) Accumulate(
        IReadOnlyList<TrainingExample> examples, IObjective objective, GlobalCounts counts)
    {
        var metrics = new MetricSet();
        return (_updater.Accumulate(examples, objective, counts, metrics, CancellationToken.None), metrics);
    }

    /// <summary>log π of the targets of each example under the weights as they are.</summary>
    public float[][] LogProbs(IReadOnlyList<TrainingExample> examples, double temperature) =>
        ModelScorer.LogProbs(_folder.Decoder, examples, temperature, AllTokens, CancellationToken.None);

    /// <summary>L2 norm of each weight's gradient.</summary>
    /// <param name="clipped">Whether as the optimizer will see it.</param>
    public IReadOnlyDictionary<string, double> GradientNorms(bool clipped)
    {
        var norm = GradientClipping.GlobalNorm(Weights.Values.Select(weight => weight.Grad!));
        var factor = clipped && _clipNorm > 0 ? GradientClipping.Factor(norm, _clipNorm) : 1;
        double Norm(Tensor weight) => factor * GradientClipping.GlobalNorm([weight.Grad!]);
        return Weights.ToDictionary(weight => weight.Key, weight => Norm(weight.Value));
    }

    /// <summary>Takes away the gradients there are.</summary>
    public void ForgetGradients() => _optimizer.ZeroGradients();

    /// <summary>Moves the weights. Returns the norm of the gradient before clipping.</summary>
    public double Step(double rate)
    {
        var norm = _optimizer.Step(rate);
        _folder.Decoder.WeightsChanged();
        return norm;
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _optimizer.Dispose();
        _folder.Dispose();
    }

    /// <summary>The model folder that a record names at the start of its <c>model</c>.</summary>
    public static string Folder(GoldenCase golden)
    {
        var name = golden.Record["model"].Text.Split(' ')[0];
        return golden.Folders.Fixture(name.Contains('/') ? name : $"models/{name}");
    }
}
