using System.Text.Json;
using System.Text.Json.Nodes;
using Hone.Models.Configuration;
using Hone.Torch;

namespace Hone.Models.Checkpoints;

/// <summary>The weights of a model folder: one safetensors file, or several with an index.</summary>
public sealed class Checkpoint : IWeightSource
{
    /// <summary>The file of an unsharded checkpoint.</summary>
    public const string SingleFile = "model.safetensors";

    /// <summary>The index of a sharded one.</summary>
    public const string IndexFile = "model.safetensors.index.json";

    private static readonly string[] Pickles =
        ["pytorch_model.bin", "pytorch_model.bin.index.json", "model.pt", "consolidated.00.pth"];

    private readonly Dictionary<string, SafetensorsFile> _fileOf = new(StringComparer.Ordinal);
    private readonly List<SafetensorsFile> _files = [];

    private Checkpoint(string folder) => Folder = folder;

    /// <summary>The folder.</summary>
    public string Folder { get; }

    /// <inheritdoc/>
    public string Where => Folder;

    /// <inheritdoc/>
    public IEnumerable<string> Names => _fileOf.Keys.Order(StringComparer.Ordinal);

    /// <inheritdoc/>
    public IEnumerable<string> Warnings => _files.SelectMany(file => file.Header.Warnings);

    /// <summary>Opens the weights of a folder and checks every header.</summary>
    /// <param name="folder">The model folder.</param>
    /// <exception cref="CheckpointException">There are none, they are pickled, or a file is damaged.</exception>
    public static Checkpoint Open(string folder)
    {
        var checkpoint = new Checkpoint(folder);
        try
        {
            checkpoint.OpenAll();
            return checkpoint;
        }
        catch
        {
            checkpoint.Dispose();
            throw;
        }
    }

    /// <summary>The place and shape of a tensor, or null where there is none of that name.</summary>
    /// <param name="name">Its exact name.</param>
    public SafetensorsEntry? Find(string name) => _fileOf.GetValueOrDefault(name)?.Header.Find(name);

    /// <summary>The file that holds a tensor which is there.</summary>
    internal SafetensorsFile FileOf(string name) => _fileOf[name];

    /// <inheritdoc/>
    public long[]? ShapeOf(string name) => Find(name)?.Shape;

    /// <inheritdoc/>
    public DType? TypeOf(string name) => Find(name) is { } entry ? SafetensorsTypes.TensorType(entry.Type) : null;

    /// <summary>The tensor of that name, mapped into memory.</summary>
    /// <param name="name">Its exact name.</param>
    /// <exception cref="CheckpointException">There is none, or it has a type that tensors cannot have.</exception>
    public Tensor Load(string name) => _fileOf.TryGetValue(name, out var file)
        ? file.Load(name)
        : throw new CheckpointException($"{Folder}: must hold the weights \"{name}\", there is no tensor of that name");

    /// <inheritdoc/>
    public void Dispose() => _files.ForEach(file => file.Dispose());

    private void OpenAll()
    {
        var index = Path.Combine(Folder, IndexFile);
        var single = Path.Combine(Folder, SingleFile);
        if (File.Exists(single))
        {
            Add(SafetensorsFile.Open(single));
        }
        else if (File.Exists(index))
        {
            OpenShards(index);
        }
        else if (Pickles.FirstOrDefault(name => File.Exists(Path.Combine(Folder, name))) is { } pickle)
        {
            throw new CheckpointException(
                $"{Path.Combine(Folder, pickle)}: weights must be safetensors, these are pickled; pickles can run "
                    + "code and are refused: convert them to safetensors");
        }
        else
        {
            throw new CheckpointException(
                $"{Folder}: must hold {SingleFile} or {IndexFile}, there is neither; check the path");
        }
    }

    private void OpenShards(string index)
    {
        var map = ConfigFields.Parse(File.ReadAllText(index), index).Object("weight_map")
            ?? throw new CheckpointException(
                $"{index}: \"weight_map\" is missing; the shards cannot be found without it");
        foreach (var shard in map.Copy().GroupBy(pair => ShardName(pair, index), StringComparer.Ordinal))
        {
            var file = SafetensorsFile.Open(Path.Combine(Folder, shard.Key));
            Add(file);
            if (shard.FirstOrDefault(pair => file.Header.Find(pair.Key) is null) is { Key: { } missing })
            {
                throw new CheckpointException(
                    $"{index}: \"{missing}\" must be in {shard.Key}, that file has no such tensor");
            }
        }
    }

    private static string ShardName(KeyValuePair<string, JsonNode?> pair, string index) =>
        pair.Value?.GetValueKind() == JsonValueKind.String && pair.Value.GetValue<string>() is var name
            && name == Path.GetFileName(name)
            ? name
            : throw new CheckpointException(
                $"{index}: \"{pair.Key}\" must name a file beside the index, got "
                    + $"{pair.Value?.ToJsonString() ?? "null"}");

    private void Add(SafetensorsFile file)
    {
        _files.Add(file);
        foreach (var entry in file.Header.Entries)
        {
            if (!_fileOf.TryAdd(entry.Name, file))
            {
                throw new CheckpointException(
                    $"{file.Path}: names must be unique, \"{entry.Name}\" is also in {_fileOf[entry.Name].Path}");
            }
        }
    }
}
