using Hone.Models.Checkpoints;
using Hone.Models.Configuration;
using Hone.Models.Families;
using Hone.Models.Layers;
using Hone.Torch;

namespace Hone.Models;

/// <summary>A decoder-only transformer over packed tokens.</summary>
/// <remarks>One object serves training and generation: both read the same tensors, which the optimizer changes in place.</remarks>
public sealed class Decoder : IDisposable
{
    private readonly DecoderLayout _layout;
    private readonly ParameterSet _parameters;
    private readonly DecoderLayer[] _layers;
    private readonly Norm _finalNorm;
    private readonly RotaryTable? _rotary;

    private Decoder(DecoderConfig config, DecoderNames names, DecoderLayout layout, ParameterSet parameters)
    {
        var parts = new DecoderParts(config, names, layout, parameters);
        Config = config;
        Parameters = new OrderedDictionary<string, Tensor>(
            parameters.All.Select(parameter => KeyValuePair.Create(parameter.Name, parameter.Value)), StringComparer.Ordinal);
        _layout = layout;
        _parameters = parameters;
        _layers = [.. Enumerable.Range(0, config.Layers.Count).Select(parts.Layer)];
        _finalNorm = parts.FinalNorm();
        _rotary = config.Rotary is { } rotary ? new RotaryTable(rotary) : null;
    }

    /// <summary>The architecture.</summary>
    public DecoderConfig Config { get; }

    /// <summary>The dtype that products are computed in.</summary>
    public DType ComputeType => _parameters.Clock.ComputeType;

    /// <summary>All weights by their Hugging Face names, in a fixed order; a tied head is absent.</summary>
    public IReadOnlyDictionary<string, Tensor> Parameters { get; }

    /// <summary>How often the weights have changed since the model was made.</summary>
    public long WeightVersion => _parameters.Clock.Version;

    /// <summary>The head in the compute dtype, <c>[vocab, hidden]</c>.</summary>
    public Tensor Head => _parameters[Config.TiedHead ? _layout.Embedding : _layout.Head].Compute();

    /// <summary>Makes a model with fresh weights: matrices are normal, norms 1, biases 0.</summary>
    /// <param name="config">The architecture.</param>
    /// <param name="seed">Decides every weight, whatever the number of threads.</param>
    /// <param name="compute">The dtype of products.</param>
    public static Decoder Create(DecoderConfig config, ulong seed, DType compute = DType.Float32)
    {
        var (names, layout) = Plan(config);
        var place = 0;
        var parameters = ParameterSet.Create(
            layout.Parameters(), DType.Float32, new WeightClock(compute),
            spec => ParameterSet.Fresh(spec, seed, place++, config.InitialDeviation));
        return new Decoder(config, names, layout, parameters);
    }

    /// <summary>Makes a model of the weights of a checkpoint.</summary>
    /// <param name="config">The architecture.</param>
    /// <param name="checkpoint">The weights; may be disposed of afterwards.</param>
    /// <param name="storage">The dtype that weights are kept and trained in.</param>
    /// <param name="compute">The dtype of products.</param>
    /// <exception cref="CheckpointException">A weight is missing or of another shape.</exception>
    public static Decoder Load(
        DecoderConfig config, Checkpoint checkpoint, DType storage = DType.Float32, DType compute = DType.Float32)
    {
        var (names, layout) = Plan(config);
        var weights = new CheckpointWeights(config, layout, checkpoint);
        var (fittingNames, fittingLayout) = weights.Config == config ? (names, layout) : Plan(weights.Config);
        var parameters = ParameterSet.Create(fittingLayout.Parameters(), storage, new WeightClock(compute), weights.Load);
        return new Decoder(weights.Config, fittingNames, fittingLayout, parameters);
    }

    /// <summary>Switches gradients of all weights on or off.</summary>
    /// <param name="trainable">Whether backward passes reach the weights.</param>
    public void SetTrainable(bool trainable)
    {
        foreach (var parameter in _parameters.All)
        {
            parameter.Value.RequiresGrad = trainable;
        }
    }

    /// <summary>Says that weights have been changed in place, so that copies made of them are renewed before they are used again.</summary>
    public void WeightsChanged() => _parameters.Clock.Version++;

    /// <summary>The activations after the last normalisation, <c>[token, hidden]</c>.</summary>
    /// <param name="batch">The tokens.</param>
    public Tensor Hidden(TokenBatch batch) =>
        Hidden(batch.Ids, batch.Positions, SequenceLengths(batch), new SegmentedAttention(batch.SegmentStarts));

    /// <summary>The logits of activations, <c>[token, vocab]</c>. For a few tokens: a whole batch wants <see cref="LogProbs"/>.</summary>
    /// <param name="hidden">Activations after the last normalisation, <c>[token, hidden]</c>.</param>
    public Tensor Logits(Tensor hidden) => hidden.Linear(Head);

    /// <summary>Log-probability of each target and entropy of each prediction, without the matrix of logits.</summary>
    /// <param name="hidden">Activations after the last normalisation, <c>[token, hidden]</c>.</param>
    /// <param name="targets">What each token should predict, int64 <c>[token]</c>.</param>
    /// <param name="temperature">What logits are divided by.</param>
    /// <returns>Each <c>[token]</c>; log-probs and entropies are differentiable.</returns>
    public TokenLogProbs LogProbs(Tensor hidden, Tensor targets, double temperature = 1) =>
        Fused.LinearLogProbs(hidden, Head, targets, temperature);

    /// <summary>The activations after the last normalisation for any kind of attention, <c>[token, hidden]</c>.</summary>
    internal Tensor Hidden(Tensor ids, Tensor positions, ReadOnlySpan<int> lengths, IAttention attention)
    {
        using var scope = TensorScope.Open();
        var inputs = new LayerInputs(_rotary?.For(positions, lengths), attention);
        var x = Embed(ids); // [token, hidden]
        foreach (var layer in _layers)
        {
            x = layer.Apply(x, inputs);
        }

        return scope.Keep(_finalNorm.Apply(x));
    }

    /// <summary>Whether a growing sequence may reach a length at which all of its angles change.</summary>
    internal bool MayRecompute => Config.Rotary?.Scaling is RopeScaling.Long;

    /// <summary>Whether the angles of all tokens change when a sequence reaches this length.</summary>
    internal bool MustRecompute(int length) => Config.Rotary?.Scaling is RopeScaling.Long scaling && length == scaling.OriginalPositions + 1;

    private bool AnglesDependOnLength => Config.Rotary is { } rotary && RotaryFrequencies.DependOnLength(rotary);

    /// <inheritdoc/>
    public void Dispose()
    {
        _parameters.Dispose();
        _rotary?.Dispose();
    }

    private static (DecoderNames Names, DecoderLayout Layout) Plan(DecoderConfig config)
    {
        var names = ModelFamilies.Of(config.ModelType, "model").Names(config);
        return (names, new DecoderLayout(config, names));
    }

    private Tensor Embed(Tensor ids)
    {
        var embedded = _parameters[_layout.Embedding].Value.Embedding(ids).To(ComputeType);
        return Config.EmbeddingScale == 1 ? embedded : embedded * Config.EmbeddingScale;
    }

    private int[] SequenceLengths(TokenBatch batch)
    {
        if (!AnglesDependOnLength)
        {
            return [];
        }

        var starts = batch.SegmentStarts.AsSpan<long>();
        var lengths = new int[batch.Ids.Count];
        for (var segment = 0; segment + 1 < starts.Length; segment++)
        {
            var (start, end) = ((int)starts[segment], (int)starts[segment + 1]);
            lengths.AsSpan(start, end - start).Fill(end - start);
        }

        return lengths;
    }
}
