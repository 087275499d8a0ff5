using Hone.Models.Checkpoints;
using Hone.Models.Configuration;
using Hone.Torch;

namespace Hone.Models.Layers;

/// <summary>Finds the weights of a decoder in a checkpoint, whichever way a tied head is stored.</summary>
internal sealed class CheckpointWeights
{
    private readonly Checkpoint _checkpoint;
    private readonly string _embedding;
    private readonly string _head;

    public CheckpointWeights(DecoderConfig config, DecoderLayout layout, Checkpoint checkpoint)
    {
        _checkpoint = checkpoint;
        (_embedding, _head) = (layout.Embedding, layout.Head);

        // Both matrices in the file, and not equal: they are what the model is, whatever the configuration says of tying.
        var untied = config.TiedHead && Both && !Equal();
        Config = untied ? config with { TiedHead = false } : config;
    }

    /// <summary>The configuration that fits what is in the file.</summary>
    public DecoderConfig Config { get; }

    private bool Both => _checkpoint.Find(_embedding) is not null && _checkpoint.Find(_head) is not null;

    public Tensor Load(ParameterSpec spec)
    {
        var name = _checkpoint.Find(spec.Name) is null ? Other(spec.Name) : spec.Name;
        var entry = _checkpoint.Find(name)
            ?? throw new CheckpointException($"{_checkpoint.Folder}: must hold the weights \"{spec.Name}\", there is no tensor of that name");
        return entry.Shape.AsSpan().SequenceEqual(spec.Shape)
            ? _checkpoint.Load(name)
            : throw new CheckpointException(
                $"{_checkpoint.Folder}: \"{name}\" must have the shape [{string.Join(", ", spec.Shape)}] that config.json asks for, "
                + $"it has [{string.Join(", ", entry.Shape)}]");
    }

    // Of tied matrices a file may hold either.
    private string Other(string name) => Config.TiedHead && name == _embedding ? _head : name;

    private bool Equal()
    {
        using var scope = TensorScope.Open();
        var (embedding, head) = (_checkpoint.Load(_embedding), _checkpoint.Load(_head));
        return embedding.DType == head.DType
            && TensorBytes.Of(embedding.Contiguous()).SequenceEqual(TensorBytes.Of(head.Contiguous()));
    }
}
