using Hone.Models.Adapters;
using Hone.Models.Checkpoints;
using Hone.Models.Configuration;
using Hone.Models.Layers;
using Hone.Torch;

namespace Hone.Models.Encoders;

/// <summary>An encoder of BERT's kind over packed texts.</summary>
public sealed class Encoder : IDisposable
{
    private const string OptionalPrefix = "bert.";

    private readonly AdapterSwitch _adapters = new(); // encoders take none
    private readonly ParameterRegistry _parameters;
    private readonly Parameter _words;
    private readonly Parameter _positions;
    private readonly Parameter _types;
    private readonly Norm _norm;
    private readonly EncoderLayer[] _layers;

    private Encoder(EncoderConfig config, IWeightSource source, DType compute)
    {
        Config = config;
        _parameters = new ParameterRegistry(new WeightClock(compute));
        long hidden = config.HiddenSize;
        _words = _parameters.Add(
            "embeddings.word_embeddings.weight", [config.VocabularySize, hidden], FreshValue.Normal);
        _positions =
            _parameters.Add("embeddings.position_embeddings.weight", [config.MaxPositions, hidden], FreshValue.Normal);
        _types = _parameters.Add(
            "embeddings.token_type_embeddings.weight", [config.TokenTypes, hidden], FreshValue.Normal);
        _norm = Norm("embeddings.LayerNorm");
        _layers = [.. Enumerable.Range(0, config.LayerCount).Select(Layer)];
        try
        {
            _parameters.Fill(DType.Float32, spec => source.Load(Place(spec, source)), spec => Place(spec, source));
        }
        catch
        {
            _parameters.Dispose();
            throw;
        }
    }

    /// <summary>The architecture.</summary>
    public EncoderConfig Config { get; }

    /// <summary>
    /// Makes an encoder of the weights of a checkpoint, with or without <c>bert.</c> before their names.
    /// </summary>
    /// <param name="config">The architecture.</param>
    /// <param name="source">The weights; may be disposed of afterwards.</param>
    /// <param name="compute">The dtype of products.</param>
    /// <exception cref="CheckpointException">A weight is missing or of another shape.</exception>
    public static Encoder Load(EncoderConfig config, IWeightSource source, DType compute = DType.Float32) =>
        new(config, source, compute);

    /// <summary>The last hidden states of packed texts, <c>[token, hidden]</c>.</summary>
    /// <param name="batch">The texts; all of them of the first kind.</param>
    public Tensor Hidden(TokenBatch batch)
    {
        using var scope = TensorScope.Open();
        var type = _types.Compute().Select(0, 0); // [hidden]
        var x = _words.Compute().Embedding(batch.Ids) + _positions.Compute().Embedding(batch.Positions) + type; // [token, hidden]
        x = _norm.Apply(x);
        var groups = EqualSegments.Of(batch.SegmentStarts);
        foreach (var layer in _layers)
        {
            x = layer.Apply(x, groups);
        }

        return scope.Keep(x);
    }

    /// <inheritdoc/>
    public void Dispose() => _parameters.Dispose();

    private EncoderLayer Layer(int index)
    {
        var name = $"encoder.layer.{index}.";
        long hidden = Config.HiddenSize, inner = Config.InnerSize;
        return new EncoderLayer(Config)
        {
            Query = Linear(name + "attention.self.query", hidden, hidden),
            Key = Linear(name + "attention.self.key", hidden, hidden),
            Value = Linear(name + "attention.self.value", hidden, hidden),
            Output = Linear(name + "attention.output.dense", hidden, hidden),
            AttentionNorm = Norm(name + "attention.output.LayerNorm"),
            Up = Linear(name + "intermediate.dense", inner, hidden),
            Down = Linear(name + "output.dense", hidden, inner),
            FeedForwardNorm = Norm(name + "output.LayerNorm"),
        };
    }

    private Linear Linear(string name, long rows, long columns) => new(
        name,
        _parameters.Add($"{name}.weight", [rows, columns], FreshValue.Normal),
        _parameters.Add($"{name}.bias", [rows], FreshValue.Zero),
        _adapters);

    private Norm Norm(string name) => new(
        name,
        NormKind.Layer,
        Config.Epsilon,
        _parameters.Add($"{name}.weight", [Config.HiddenSize], FreshValue.One),
        _parameters.Add($"{name}.bias", [Config.HiddenSize], FreshValue.Zero),
        _adapters);

    private static string Place(ParameterSpec spec, IWeightSource source)
    {
        var name = source.ShapeOf(spec.Name) is null ? OptionalPrefix + spec.Name : spec.Name;
        var found = source.ShapeOf(name)
            ?? throw new CheckpointException(
                $"{source.Where}: must hold the weights \"{spec.Name}\", there is no tensor of that name");
        return found.AsSpan().SequenceEqual(spec.Shape)
            ? name
            : throw new CheckpointException(
                $"{source.Where}: \"{name}\" must have the shape [{string.Join(", ", spec.Shape)}] that config.json "
                + $"asks for, it has [{string.Join(", ", found)}]");
    }
}
