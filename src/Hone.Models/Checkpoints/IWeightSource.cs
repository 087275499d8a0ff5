using Hone.Torch;

namespace Hone.Models.Checkpoints;

/// <summary>Weights by their Hugging Face names, whatever files hold them.</summary>
public interface IWeightSource : IDisposable
{
    /// <summary>What messages call the files.</summary>
    public string Where { get; }

    /// <summary>The names of all weights, sorted.</summary>
    public IEnumerable<string> Names { get; }

    /// <summary>What was odd but harmless, in words.</summary>
    public IEnumerable<string> Warnings { get; }

    /// <summary>The shape of a weight; null where there is none of that name.</summary>
    /// <param name="name">Its exact name.</param>
    public long[]? ShapeOf(string name);

    /// <summary>
    /// The type that a weight is loaded in; null where there is none, or it has a type that tensors cannot have.
    /// </summary>
    /// <param name="name">Its exact name.</param>
    public DType? TypeOf(string name);

    /// <summary>A weight in the layout of its Hugging Face name.</summary>
    /// <param name="name">Its exact name.</param>
    /// <exception cref="CheckpointException">There is none, or it has a type that tensors cannot have.</exception>
    public Tensor Load(string name);
}
