using Hone.Models.Adapters;
using Hone.Models.Adapters.Kinds;
using Hone.Models.Checkpoints;
using Hone.Models.Configuration;
using Hone.Models.Families;
using Hone.Models.Generation;
using Hone.Models.Gguf;
using Hone.Models.Layers;
using Hone.Models.Quantisation;
using Hone.Torch;

namespace Hone.Models;

/// <summary>A decoder-only transformer over packed tokens.</summary>
/// <remarks>One object serves training and generation: both read the same tensors, which the optimizer changes in
/// place.</remarks>
public sealed class Decoder : IDisposable
{
    private readonly ParameterRegistry _parameters;
    private readonly AdapterSwitch _switch = new();
    private readonly EmbeddingTable _embedding;
    private readonly EmbeddingTable? _positions;
    private readonly Linear _head;
    private readonly DecoderLayer[] _layers;
    private readonly INorm _finalNorm;
    private readonly RotaryTable? _rotary;
    private readonly RotaryTable? _localRotary;
    private PackedModel? _packed;

    private Decoder(
        DecoderConfig config,
        DType storage,
        DType compute,
        Func<ParameterSpec, Tensor>? make,
        Action<ParameterSpec>? check = null,
        LayerStack? stack = null,
        FourBitCoder? coder = null,
        StoredBlocks? later = null)
    {
        var names = ModelFamilies.Of(config.ModelType, "model").Names(config);
        _parameters = new ParameterRegistry(new WeightClock(compute), stack is null ? null : stack.StoredName);
        var builder = new DecoderBuilder(config, names, _parameters, _switch);
        Config = config;
        _embedding = builder.Embedding();
        _positions = config.LearnedPositions ? builder.Positions() : null;
        _layers = [.. Enumerable.Range(0, config.Layers.Count).Select(builder.Layer)];
        _finalNorm = builder.FinalNorm();
        _head = builder.Head(_embedding);
        Modules = new ModuleCatalog
        {
            Config = config,
            Names = names,
            Clock = _parameters.Clock,
            Embeddings = _positions is null ? [_embedding] : [_embedding, _positions],
            Linears = builder.Linears,
            Norms = builder.Norms,
            Head = _head,
        };
        _rotary = config.Rotary is { } rotary ? new RotaryTable(rotary) : null;
        _localRotary = config.LocalRotary is { } local ? new RotaryTable(local) : null;
        Parameters = Weights = new ParameterValues([]);
        CodedWeights = new OrderedDictionary<string, FourBitWeight>();
        if (make is null)
        {
            return;
        }

        try
        {
            _parameters.Fill(
                storage, make, check, coder?.For(builder.Linears, make),
                later is null ? null : () => MakeNumbers(later, storage));
        }
        catch
        {
            _parameters.Dispose();
            throw;
        }

        Parameters = new ParameterValues(Plain.Select(parameter => KeyValuePair.Create(parameter.Spec.Name, parameter)));
        CodedWeights = new OrderedDictionary<string, FourBitWeight>(
            _parameters.All.Where(parameter => parameter.Coded is not null)
                .Select(parameter => KeyValuePair.Create(parameter.Spec.Name, parameter.Coded!)),
            StringComparer.Ordinal);
        Weights = new ParameterValues(_parameters.ByName.Where(parameter => parameter.Value.Coded is null));
    }

    /// <summary>The architecture.</summary>
    public DecoderConfig Config { get; }

    /// <summary>The dtype that products are computed in.</summary>
    public DType ComputeType => _parameters.Clock.ComputeType;

    /// <summary>All weights by their Hugging Face names, in a fixed order; a tied head is absent, and so is what
    /// <see cref="CodedWeights"/> has.</summary>
    public IReadOnlyDictionary<string, Tensor> Parameters { get; }

    /// <summary>The weights that are kept in 4 bits, which are never trained.</summary>
    public IReadOnlyDictionary<string, FourBitWeight> CodedWeights { get; }

    /// <summary>The weights by the names of the places that use them: more than <see cref="Parameters"/> where layers
    /// share theirs.</summary>
    internal IReadOnlyDictionary<string, Tensor> Weights { get; }

    /// <summary>How often the weights have changed since the model was made.</summary>
    public long WeightVersion => _parameters.Clock.Version;

    /// <summary>Adapters that can be switched on, and those that are.</summary>
    public AdapterRack Adapters { get; } = new();

    /// <summary>The head in the compute dtype with what adapters make of it, <c>[vocab, hidden]</c>;
    /// <c>[label, hidden]</c> where it scores labels.</summary>
    public Tensor Head => Adapters.Active.PartsOf(_head.Name) is [_, ..] parts
        ? parts.Aggregate(_head.Weights(), (weights, part) => part.Part.Merge(weights, part.Weight)).Weight.To(
            ComputeType)
        : _head.Weight.Compute();

    /// <summary>The weight that <see cref="Head"/> reads and nothing else, where it is trained; else null.</summary>
    public Tensor? TrainedHead =>
        Adapters.Active.PartsOf(_head.Name) is [] && _head.Weight.Value is { RequiresGrad: true } weight ? weight : null;

    /// <summary>The modules that adapters can be put on.</summary>
    internal ModuleCatalog Modules { get; }

    /// <summary>
    /// The parameters that an architecture has, in the order of <see cref="Parameters"/>; no tensor is made for it.
    /// </summary>
    internal static IReadOnlyList<ParameterSpec> Layout(DecoderConfig config) =>
        [.. new Decoder(config, DType.Float32, DType.Float32, make: null)._parameters.All.Select(
            parameter => parameter.Spec)];

    /// <summary>Makes a model with fresh weights: matrices are normal, norms 1, biases 0.</summary>
    /// <param name="config">The architecture.</param>
    /// <param name="seed">Decides every weight, whatever the number of threads.</param>
    /// <param name="compute">The dtype of products.</param>
    public static Decoder Create(DecoderConfig config, ulong seed, DType compute = DType.Float32)
    {
        var place = 0;
        return new Decoder(config, DType.Float32, compute,
            spec => ParameterRegistry.Fresh(spec, seed, place++, config.InitialDeviation));
    }

    /// <summary>Makes a model of the weights of a checkpoint.</summary>
    /// <param name="config">The architecture.</param>
    /// <param name="source">The weights; may be disposed of afterwards.</param>
    /// <param name="storage">The dtype that weights are kept and trained in.</param>
    /// <param name="compute">The dtype of products.</param>
    /// <param name="layers">Ranges of the checkpoint's layers that the model is stacked of, sharing weights; null for
    /// its layers as they are.</param>
    /// <param name="fourBits">How linear layers but the head are kept in 4 bits, frozen; null for in
    /// <paramref name="storage"/>.</param>
    /// <param name="blocksAlone">Whether the numbers of matrices are made only when somebody reads them, where the
    /// source is a GGUF file: generation from its blocks does not.</param>
    /// <exception cref="CheckpointException">A weight is missing or of another shape.</exception>
    public static Decoder Load(
        DecoderConfig config,
        IWeightSource source,
        DType storage = DType.Float32,
        DType compute = DType.Float32,
        IReadOnlyList<LayerRange>? layers = null,
        FourBitOptions? fourBits = null,
        bool blocksAlone = false)
    {
        var names = ModelFamilies.Of(config.ModelType, source.Where).Names(config);
        var weights = new CheckpointWeights(config, names, source);
        var stack = layers is [_, ..] ? LayerStack.Of(weights.Config, names, layers, source.Where) : null;
        var stored = source is GgufWeights && stack is null
            ? new StoredBlocks(source.Where, weights.Config, version: 0) : null;
        return new Decoder(
            stack?.Config ?? weights.Config, storage, compute, weights.Load, spec => weights.Find(spec), stack,
            fourBits is null ? null : new FourBitCoder(source.Where, fourBits, spec => weights.FindCoded(spec)),
            blocksAlone && fourBits is null ? stored : null)
        {
            Stored = stored,
        };
    }

    /// <summary>Switches gradients of all weights on or off.</summary>
    /// <param name="trainable">Whether backward passes reach the weights.</param>
    public void SetTrainable(bool trainable)
    {
        foreach (var parameter in Plain)
        {
            parameter.Value.RequiresGrad = trainable && parameter.Spec.Trainable;
        }
    }

    /// <summary>Says that weights have been changed in place, so that copies made of them are renewed before they are
    /// used again.</summary>
    /// <param name="withCopies">Whether each tensor of <see cref="ComputeCopies"/> was written with its weight.</param>
    public void WeightsChanged(bool withCopies = false) => _parameters.Changed(withCopies);

    /// <summary>The copies that products run on where these compute in another dtype than weights are stored in, one
    /// for each of <see cref="Parameters"/>, in that order: null where a weight has none. Views belong to the scope
    /// that is open.</summary>
    public Tensor?[] ComputeCopies() => [.. Plain.Select(parameter => parameter.FreshCopy)];

    /// <summary>
    /// The activations after the last normalisation, <c>[token, hidden]</c>, with the adapters that are switched on.
    /// </summary>
    /// <param name="batch">The tokens.</param>
    /// <param name="withVirtual">
    /// Whether the virtual tokens that an adapter inserts before each segment have rows of their own; else they are
    /// seen and left out.
    /// </param>
    public Tensor Hidden(TokenBatch batch, bool withVirtual = false)
    {
        using var scope = TensorScope.Open();
        using var adapted = _switch.Enter(AdapterPass.Of(Adapters.Active, batch.Dropout));
        if (Adapters.Active.Virtual is not { } tokens)
        {
            return scope.Keep(
                Hidden(batch.Ids, batch.Positions, SequenceLengths(batch), SegmentedAttention.Of(batch), null));
        }

        var prompted = PromptedBatch.Of(batch, tokens);
        var hidden = Hidden(prompted.Batch.Ids, prompted.Batch.Positions, SequenceLengths(prompted.Batch),
            prompted.Attention, prompted.Inserted);
        return scope.Keep(withVirtual || prompted.Kept is null ? hidden : hidden.IndexSelect(0, prompted.Kept));
    }

    /// <summary>
    /// Begins a forward pass whose backward pass follows; its tensors belong to the scope that is open.
    /// </summary>
    /// <param name="batch">The tokens.</param>
    /// <param name="recompute">
    /// Whether only the inputs of the layers are kept in between, and the rest is computed again. Values and gradients
    /// are the same.
    /// </param>
    public TrainingPass Begin(TokenBatch batch, bool recompute = false)
    {
        if (!recompute || Adapters.Active.Virtual is not null)
        {
            return TrainingPass.Recorded(Hidden(batch));
        }

        var adapters = AdapterPass.Of(Adapters.Active, batch.Dropout);
        Func<Tensor, Tensor> Adapted(Func<Tensor, Tensor> part) => x =>
        {
            using var adapted = _switch.Enter(adapters);
            return part(x);
        };
        var lengths = SequenceLengths(batch);
        var inputs = new LayerInputs(
            _rotary?.For(batch.Positions, lengths), _localRotary?.For(batch.Positions, lengths),
            SegmentedAttention.Of(batch));
        return TrainingPass.Recomputed(
            Adapted(ids => Embed(ids, batch.Positions, null))(batch.Ids),
            [.. _layers.Select(layer => Adapted(x => layer.Apply(x, inputs))), Adapted(_finalNorm.Apply)]);
    }

    /// <summary>The logits of activations, <c>[token, vocab]</c>, or their scores, <c>[token, label]</c>. For a few
    /// tokens: a whole batch wants <see cref="LogProbs"/>.</summary>
    /// <param name="hidden">Activations after the last normalisation, <c>[token, hidden]</c>.</param>
    public Tensor Logits(Tensor hidden)
    {
        using var adapted = _switch.Enter(AdapterPass.Of(Adapters.Active));
        return HeadLogits(hidden);
    }

    /// <summary>The logits of activations under given adapters, <c>[token, vocab]</c>.</summary>
    internal Tensor Logits(Tensor hidden, AdapterPass? adapters)
    {
        using var adapted = _switch.Enter(adapters);
        return HeadLogits(hidden);
    }

    private Tensor HeadLogits(Tensor hidden)
    {
        var logits = _head.Apply(hidden);
        if (Config.Labels is not null)
        {
            return logits; // scaling and caps are for tokens
        }

        logits = Config.LogitDivisor == 1 ? logits : logits / Config.LogitDivisor;
        return Config.LogitSoftCap == 0 ? logits : (logits / Config.LogitSoftCap).Tanh() * Config.LogitSoftCap;
    }

    /// <summary>Log-probability of each target and entropy of each prediction, without the matrix of logits.</summary>
    /// <param name="hidden">Activations after the last normalisation, <c>[token, hidden]</c>.</param>
    /// <param name="targets">What each token should predict, int64 <c>[token]</c>.</param>
    /// <param name="temperature">What logits are divided by.</param>
    /// <returns>Each <c>[token]</c>; log-probs and entropies are differentiable.</returns>
    public TokenLogProbs LogProbs(Tensor hidden, Tensor targets, double temperature = 1) =>
        Fused.LinearLogProbs(hidden, Head, targets, temperature, 1 / Config.LogitDivisor, Config.LogitSoftCap);

    /// <summary>How products with <see cref="Head"/> become logits.</summary>
    /// <param name="temperature">What logits are divided by.</param>
    public LogitTerms LogitTerms(double temperature) => new(temperature, 1 / Config.LogitDivisor, Config.LogitSoftCap);

    /// <summary>The activations after the last normalisation for any kind of attention and under given adapters,
    /// <c>[token, hidden]</c>.</summary>
    internal Tensor Hidden(
        Tensor ids, Tensor positions, ReadOnlySpan<int> lengths, IAttention attention, InsertedRows? inserted,
        AdapterPass? adapters)
    {
        using var adapted = _switch.Enter(adapters);
        return Hidden(ids, positions, lengths, attention, inserted);
    }

    private Tensor Hidden(
        Tensor ids, Tensor positions, ReadOnlySpan<int> lengths, IAttention attention, InsertedRows? inserted)
    {
        using var scope = TensorScope.Open();
        var inputs =
            new LayerInputs(_rotary?.For(positions, lengths), _localRotary?.For(positions, lengths), attention);
        var x = Embed(ids, positions, inserted); // [token, hidden]
        foreach (var layer in _layers)
        {
            x = layer.Apply(x, inputs);
        }

        return scope.Keep(_finalNorm.Apply(x));
    }

    /// <summary>
    /// Whether sequences may go on from a beginning that they share: not where it depends on what follows.
    /// </summary>
    public bool CanShareBeginnings => !AnglesDependOnLength && Adapters.Active.Virtual is null;

    /// <summary>What the model is made of, for those who compute with it in another way.</summary>
    internal DecoderParts Parts => new(_embedding.Weight, _layers, _finalNorm, _head.Weight, _rotary, _localRotary);

    /// <summary>The weights as the fused step reads them; packed when they are first asked for.</summary>
    internal PackedModel Packed => _packed ??= new PackedModel(Config, Parts, _parameters.Clock, Stored);

    /// <summary>The blocks of the GGUF file that the weights came from, or null.</summary>
    internal StoredBlocks? Stored { get; init; }

    /// <summary>Whether some weight takes gradients, of the model or of an adapter.</summary>
    internal bool IsTrainable => Adapters.IsTrainable
        || _parameters.All.Any(parameter => parameter.HasValue && parameter.Value.RequiresGrad);

    /// <summary>Bytes of the weights that are held as numbers, without copies in the compute dtype.</summary>
    internal long NumberBytes => _parameters.All.Where(parameter => parameter.HasValue).Sum(
        parameter => parameter.Value.Count * parameter.Value.DType.ByteSize());

    /// <summary>Whether a growing sequence may reach a length at which all of its angles change.</summary>
    internal bool MayRecompute => Config.Rotary?.Scaling is RopeScaling.Long;

    /// <summary>Whether the angles of all tokens change when a sequence reaches this length.</summary>
    internal bool MustRecompute(int length) =>
        Config.Rotary?.Scaling is RopeScaling.Long scaling && length == scaling.OriginalPositions + 1;

    /// <summary>Whether angles depend on how long a sequence is as a whole.</summary>
    internal bool AnglesDependOnLength => Config.Rotary is { } rotary && RotaryFrequencies.DependOnLength(rotary);

    private IEnumerable<Parameter> Plain => _parameters.All.Where(parameter => parameter.Coded is null);

    /// <inheritdoc/>
    public void Dispose()
    {
        Adapters.Dispose();
        _packed?.Dispose();
        _parameters.Dispose();
        _rotary?.Dispose();
        _localRotary?.Dispose();
    }

    private void MakeNumbers(StoredBlocks stored, DType storage)
    {
        using var blocks = stored.Open();
        _parameters.FillRest(storage, spec => blocks.Numbers([spec]));
    }

    private Tensor Embed(Tensor ids, Tensor positions, InsertedRows? inserted)
    {
        var embedded = _embedding.Apply(ids);
        embedded = inserted is null ? embedded : embedded.IndexCopy(0, inserted.Rows, inserted.Embeddings);
        embedded = Config.EmbeddingScale == 1 ? embedded : embedded * Config.EmbeddingScale;
        return _positions is null ? embedded : embedded + _positions.Apply(positions);
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
