using Hone.Models.Checkpoints;
using Hone.Models.Configuration;
using Hone.Text.Gguf;
using Hone.Torch;

namespace Hone.Models.Gguf;

/// <summary>The weights of a GGUF file by their Hugging Face names, in the Hugging Face layout.</summary>
/// <remarks>Each weight is made when it is asked for, block by block from the mapped file: nothing else of the file is
/// held.</remarks>
public sealed class GgufWeights : IWeightSource
{
    // Tensors that are read with the configuration, or say nothing that is not in it.
    private static readonly string[] NoWeights =
        [GgufRotation.Divisors, GgufRotation.ShortDivisors, GgufRotation.LongDivisors];

    private readonly GgufFile _file;
    private readonly Dictionary<string, (GgufPlace Place, GgufTensor Tensor)> _weights;

    private GgufWeights(GgufFile file, DecoderConfig config)
    {
        _file = file;
        var places = new GgufNames(config, GgufConfig.ArchitectureOf(file.Header).Architecture).Places().ToArray();
        _weights = places
            .Select(place => (Place: place, Tensor: file.Header.Find(place.Tensor)!))
            .Where(weight => weight.Tensor is not null)
            .ToDictionary(weight => weight.Place.Weight, StringComparer.Ordinal);
        var known = places.Select(place => place.Tensor).Concat(NoWeights).ToHashSet(StringComparer.Ordinal);
        if (file.Header.Tensors.FirstOrDefault(tensor => !known.Contains(tensor.Name)) is { } stranger)
        {
            throw new FormatException($"has the tensor '{stranger.Name}', which its architecture has no place for");
        }
    }

    /// <inheritdoc/>
    public string Where => _file.Path;

    /// <inheritdoc/>
    public IEnumerable<string> Names => _weights.Keys.Order(StringComparer.Ordinal);

    /// <inheritdoc/>
    public IEnumerable<string> Warnings => [];

    /// <summary>Takes the weights of a file.</summary>
    /// <param name="file">The file; disposed of with the new object.</param>
    /// <param name="config">The model that the file is of.</param>
    /// <exception cref="CheckpointException">It has tensors that the model has no place for.</exception>
    internal static GgufWeights Of(GgufFile file, DecoderConfig config) =>
        GgufFile.Guard(file.Path, () => new GgufWeights(file, config));

    /// <inheritdoc/>
    public long[]? ShapeOf(string name) =>
        _weights.TryGetValue(name, out var weight) ? ShapeOf(weight.Place, weight.Tensor) : null;

    /// <inheritdoc/>
    public DType? TypeOf(string name) =>
        _weights.TryGetValue(name, out var weight) ? GgufFile.TensorType(weight.Tensor.Type) : null;

    /// <inheritdoc/>
    public Tensor Load(string name)
    {
        var (place, tensor) = _weights.TryGetValue(name, out var found)
            ? found
            : throw new CheckpointException($"{Where}: must hold the weights \"{name}\", there is no tensor for them");
        var shape = place.Slice < 0 ? tensor.Shape : tensor.Shape[1..];
        var first = place.Slice < 0 ? 0 : place.Slice * shape.Aggregate(1L, (count, size) => count * size);
        return GgufLayouts.FromFile(_file.Load(tensor, first, shape), place);
    }

    /// <summary>The type in which the file keeps a weight.</summary>
    /// <param name="name">Its exact name; must be there.</param>
    internal GgmlType StoredType(string name) => _weights[name].Tensor.Type;

    /// <summary>
    /// The blocks of a matrix, its rows in the order of the Hugging Face layout, uint8 <c>[row, bytes]</c>; null where
    /// its numbers stand otherwise there. To be read before this object is disposed of.
    /// </summary>
    /// <param name="name">Its exact name; must be there.</param>
    internal Tensor? Blocks(string name)
    {
        var (place, tensor) = _weights[name];
        return place is { Slice: < 0, Layout: GgufLayout.Same or GgufLayout.NeighboursTurn } && tensor.Shape.Length == 2
            ? GgufLayouts.FromFile(_file.Blocks(tensor), place)
            : null;
    }

    /// <inheritdoc/>
    public void Dispose() => _file.Dispose();

    private static long[]? ShapeOf(GgufPlace place, GgufTensor tensor) => place switch
    {
        { Layout: GgufLayout.Transposed } => [.. tensor.Shape.Reverse()],
        { Slice: < 0 } => tensor.Shape,
        _ => tensor.Shape is [var slices, ..] && place.Slice < slices ? tensor.Shape[1..] : null,
    };
}
