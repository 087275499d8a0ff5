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
    private readonly DecoderLayer[] _layers;
    private readonly INorm _finalNorm;
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
        var head = builder.Head(_embedding);
        Head = new DecoderHead(head, config, Adapters, _switch);
        Modules = new ModuleCatalog
        {
            Config = config,
            Names = names,
            Clock = _parameters.Clock,
            Embeddings = _positions is null ? [_embedding] : [_embedding, _positions],
            Linears = builder.Linears,
            Norms = builder.Norms,
            Head = head,
        };
        Rotations = new DecoderRotations(config);
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

        Parameters = new ParameterValues(Plain.Select(plain => KeyValuePair.Create(plain.Spec.Name, plain)));
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

    /// <summary>What predicts from activations.</summary>
    public DecoderHead Head { get; }

    /// <summary>The modules that adapters can be put on.</summary>
    internal ModuleCatalog Modules { get; }

    /// <summary>How positions turn queries and keys.</summary>
    internal DecoderRotations Rotations { get; }

    /// <summary>The parameters that an architecture has, in the order of <see cref="Parameters"/>; no tensor is
    /// made for it.</summary>
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

    /// <summary>The activations after the last normalisation, <c>[token, hidden]</c>, with the adapters that are
    /// switched on.</summary>
    /// <param name="batch">The tokens.</param>
    /// <param name="withVirtual">
    /// Whether the virtual tokens that an adapter inserts before each segment have rows of their own; else they are
    /// seen and left out.
    /// </param>
    public Tensor Hidden(TokenBatch batch, bool withVirtual = false)
    {
        using var scope = TensorScope.Open();
        var adapters = AdapterPass.Of(Adapters.Active, batch.Dropout);
        if (Adapters.Active.Virtual is not { } tokens)
        {
            return scope.Keep(Hidden(batch, SegmentedAttention.Of(batch), null, adapters));
        }

        var prompted = PromptedBatch.Of(batch, tokens);
        var hidden = Hidden(prompted.Batch, prompted.Attention, prompted.Inserted, adapters);
        return scope.Keep(withVirtual || prompted.Kept is null ? hidden : hidden.IndexSelect(0, prompted.Kept));
    }

    /// <summary>Begins a forward pass whose backward pass follows; its tensors belong to the scope that is
    /// open.</summary>
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
        var inputs = Rotations.Inputs(batch.Positions, Rotations.LengthsOf(batch), SegmentedAttention.Of(batch));
        return TrainingPass.Recomputed(
            Adapted(ids => Embed(ids, batch.Positions, null))(batch.Ids),
            [.. _layers.Select(layer => Adapted(x => layer.Apply(x, inputs))), Adapted(_finalNorm.Apply)]);
    }

    /// <summary>The activations after the last normalisation for any kind of attention and under given adapters,
    /// <c>[token, hidden]</c>.</summary>
    internal Tensor Hidden(
        Tensor ids, Tensor positions, ReadOnlySpan<int> lengths, IAttention attention, InsertedRows? inserted,
        AdapterPass? adapters)
    {
        using var scope = TensorScope.Open();
        using var adapted = _switch.Enter(adapters);
        var inputs = Rotations.Inputs(positions, lengths, attention);
        var x = Embed(ids, positions, inserted); // [token, hidden]
        foreach (var layer in _layers)
        {
            x = layer.Apply(x, inputs);
        }

        return scope.Keep(_finalNorm.Apply(x));
    }

    /// <summary>Whether sequences may go on from a beginning that they share: not where it depends on what
    /// follows.</summary>
    public bool CanShareBeginnings => !Rotations.DependOnLength && Adapters.Active.Virtual is null;

    /// <summary>What the model is made of, for those who compute with it in another way.</summary>
    internal DecoderParts Parts => new(_embedding.Weight, _layers, _finalNorm, Modules.Head.Weight, Rotations);

    /// <summary>The weights as the fused step reads them; packed when they are first asked for.</summary>
    internal PackedModel Packed => _packed ??= new PackedModel(Config, Parts, _parameters.Clock, Stored);

    /// <summary>The blocks of the GGUF file that the weights came from, or null.</summary>
    internal StoredBlocks? Stored { get; init; }

    /// <summary>Whether some weight takes gradients, of the model or of an adapter.</summary>
    internal bool IsTrainable => Adapters.IsTrainable || _parameters.Made.Any(made => made.Value.RequiresGrad);

    /// <summary>Bytes of the weights that are held as numbers, without copies in the compute dtype.</summary>
    internal long NumberBytes => _parameters.Made.Sum(made => made.Value.Count * made.Value.DType.ByteSize());

    private IEnumerable<Parameter> Plain => _parameters.All.Where(parameter => parameter.Coded is null);

    /// <inheritdoc/>
    public void Dispose()
    {
        Adapters.Dispose();
        _packed?.Dispose();
        _parameters.Dispose();
        Rotations.Dispose();
    }

    private void MakeNumbers(StoredBlocks stored, DType storage)
    {
        using var blocks = stored.Open();
        _parameters.FillRest(storage, spec => blocks.Numbers([spec]));
    }

    private Tensor Hidden(TokenBatch batch, IAttention attention, InsertedRows? inserted, AdapterPass? adapters) =>
        Hidden(batch.Ids, batch.Positions, Rotations.LengthsOf(batch), attention, inserted, adapters);

    private Tensor Embed(Tensor ids, Tensor positions, InsertedRows? inserted)
    {
        var embedded = _embedding.Apply(ids);
        embedded = inserted is null ? embedded : embedded.IndexCopy(0, inserted.Rows, inserted.Embeddings);
        embedded = Config.EmbeddingScale == 1 ? embedded : embedded * Config.EmbeddingScale;
        return _positions is null ? embedded : embedded + _positions.Apply(positions);
    }
}
