using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using Hone.Torch;

namespace Hone.Models.Checkpoints;

/// <summary>
/// Writes the weights of a model folder: one file, or shards with an index where they are larger than a limit.
/// </summary>
public static class ShardedWriter
{
    /// <summary>The usual limit of a shard, in bytes.</summary>
    public const long UsualLimit = 5_000_000_000;

    private static readonly JsonSerializerOptions Indented = new() { WriteIndented = true, NewLine = "\n" };

    /// <summary>
    /// Writes all weights, the index last, and removes files of an earlier checkpoint that no longer belong.
    /// </summary>
    /// <param name="folder">The model folder; must exist.</param>
    /// <param name="tensors">The weights.</param>
    /// <param name="shardLimit">Bytes of data a shard may have; a tensor larger than that gets one of its own.</param>
    /// <exception cref="CheckpointException">A file cannot be written.</exception>
    public static void Write(string folder, IReadOnlyDictionary<string, Tensor> tensors, long shardLimit = UsualLimit)
    {
        var shards = Split(tensors, shardLimit);
        var names = shards.Count == 1
            ? [Checkpoint.SingleFile]
            : Enumerable.Range(1, shards.Count)
                .Select(n =>
                    string.Create(CultureInfo.InvariantCulture, $"model-{n:D5}-of-{shards.Count:D5}.safetensors"))
                .ToArray();
        for (var i = 0; i < names.Length; i++)
        {
            SafetensorsWriter.Write(Path.Combine(folder, names[i]), shards[i]);
        }

        if (names.Length > 1)
        {
            WriteIndex(folder, tensors, shards, names);
        }

        RemoveOthers(folder, names);
    }

    private static List<Dictionary<string, Tensor>> Split(IReadOnlyDictionary<string, Tensor> tensors, long limit)
    {
        List<Dictionary<string, Tensor>> shards = [new(StringComparer.Ordinal)];
        var size = 0L;
        foreach (var (name, tensor) in tensors.OrderBy(pair => pair.Key, StringComparer.Ordinal))
        {
            var bytes = Bytes(tensor);
            if (size > 0 && size + bytes > limit)
            {
                shards.Add(new(StringComparer.Ordinal));
                size = 0;
            }

            shards[^1].Add(name, tensor);
            size += bytes;
        }

        return shards;
    }

    private static void WriteIndex(
        string folder, IReadOnlyDictionary<string, Tensor> tensors, List<Dictionary<string, Tensor>> shards,
        string[] names)
    {
        var places = shards.SelectMany((shard, i) => shard.Keys.Select(name => (Name: name, File: names[i])));
        var index = new JsonObject
        {
            ["metadata"] = new JsonObject
            {
                ["total_parameters"] = tensors.Values.Sum(tensor => tensor.Count),
                ["total_size"] = tensors.Values.Sum(Bytes),
            },
            ["weight_map"] = new JsonObject(places
                .OrderBy(place => place.Name, StringComparer.Ordinal)
                .Select(place => KeyValuePair.Create(place.Name, (JsonNode?)place.File))),
        };
        CheckpointFiles.Replace(Path.Combine(folder, Checkpoint.IndexFile), stream =>
        {
            using var writer = new StreamWriter(stream, leaveOpen: true);
            writer.Write(index.ToJsonString(Indented));
            writer.Write('\n');
        });
    }

    private static void RemoveOthers(string folder, string[] written)
    {
        var stale = Directory.EnumerateFiles(folder, "model*.safetensors")
            .Where(path => !written.Contains(Path.GetFileName(path), StringComparer.Ordinal));
        foreach (var path in stale)
        {
            File.Delete(path);
        }

        if (written.Length == 1)
        {
            File.Delete(Path.Combine(folder, Checkpoint.IndexFile));
        }
    }

    private static long Bytes(Tensor tensor) => tensor.Count * tensor.DType.ByteSize();
}
