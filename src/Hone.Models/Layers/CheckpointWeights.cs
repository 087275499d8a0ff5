using Hone.Models.Checkpoints;
using Hone.Models.Configuration;
using Hone.Models.Families;
using Hone.Models.Quantisation;
using Hone.Torch;

namespace Hone.Models.Layers;

/// <summary>Finds the weights of a decoder in a checkpoint, whichever way a tied head is stored and whether or not
/// names have their prefix.</summary>
internal sealed class CheckpointWeights
{
    private readonly IWeightSource _source;
    private readonly DecoderNames _names;
    private readonly string _embedding;
    private readonly string _head;

    public CheckpointWeights(DecoderConfig config, DecoderNames names, IWeightSource source)
    {
        (_source, _names) = (source, names);
        (_embedding, _head) = ($"{names.Embedding}.weight", $"{names.Head}.weight");

        // Both matrices in the file, and not equal: they are what the model is, whatever the configuration says of
        // tying.
        var untied = config.TiedHead && Place(_embedding) is { } embedding && Place(_head) is { } head
            && !Equal(embedding, head);
        Config = untied ? config with { TiedHead = false } : config;
    }

    /// <summary>The configuration that fits what is in the file.</summary>
    public DecoderConfig Config { get; }

    public Tensor Load(ParameterSpec spec) => _source.Load(Find(spec));

    /// <summary>The codes of a weight that the files keep in 4 bits; null for another.</summary>
    public FourBitWeight? FindCoded(ParameterSpec spec) => (_source as ICodedSource)?.LoadCoded(Find(spec));

    /// <summary>The name that a weight has in the files.</summary>
    /// <exception cref="CheckpointException">It is missing or of another shape.</exception>
    public string Find(ParameterSpec spec)
    {
        // Of tied matrices a file may hold either.
        var place = Place(spec.Name) ?? (Config.TiedHead && spec.Name == _embedding ? Place(_head) : null)
            ?? throw new CheckpointException(
                $"{_source.Where}: must hold the weights \"{spec.Name}\", there is no tensor of that name");
        var found = _source.ShapeOf(place)!;
        return found.AsSpan().SequenceEqual(spec.Shape)
            ? place
            : throw new CheckpointException(
                $"{_source.Where}: \"{place}\" must have the shape [{string.Join(", ", spec.Shape)}] that config.json "
                + $"asks for, it has [{string.Join(", ", found)}]");
    }

    private string? Place(string name)
    {
        if (_source.ShapeOf(name) is not null)
        {
            return name;
        }

        var bare = _names.OptionalPrefix.Length > 0 && name.StartsWith(_names.OptionalPrefix, StringComparison.Ordinal)
            ? name[_names.OptionalPrefix.Length..]
            : name;
        return _source.ShapeOf(bare) is null ? null : bare;
    }

    private bool Equal(string first, string second)
    {
        using var scope = TensorScope.Open();
        var (embedding, head) = (_source.Load(first), _source.Load(second));
        return embedding.DType == head.DType
            && TensorBytes.Of(embedding.Contiguous()).SequenceEqual(TensorBytes.Of(head.Contiguous()));
    }
}
