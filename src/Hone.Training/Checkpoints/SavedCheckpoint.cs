using System.Text.Json;
using Hone.Models;

namespace Hone.Training.Checkpoints;

/// <summary>A checkpoint that was held against its manifest and found whole.</summary>
/// <param name="Path">Its folder.</param>
/// <param name="Manifest">What it consists of.</param>
public sealed record SavedCheckpoint(string Path, CheckpointManifest Manifest)
{
    /// <summary>Steps that were done when it was written.</summary>
    public int Step => Manifest.Step;

    /// <summary>The path of one of its files.</summary>
    /// <exception cref="CheckpointException">The checkpoint has no such file.</exception>
    public string PathOf(string name) => Manifest.Files.Any(file => file.Name == name)
        ? System.IO.Path.Combine(Path, name)
        : throw new CheckpointException(
            $"{Path}: must hold {name}, holds {string.Join(", ", Manifest.Files.Select(file => file.Name))}");

    /// <summary>Reads the state that <see cref="CheckpointFolder.WriteState"/> wrote.</summary>
    /// <exception cref="CheckpointException">The checkpoint has no state, or that of another method.</exception>
    public T ReadState<T>()
    {
        var path = PathOf(CheckpointFolder.StateFile);
        try
        {
            return JsonSerializer.Deserialize<T>(File.ReadAllBytes(path), CheckpointFolder.Json)
                ?? throw new CheckpointException($"{path}: must hold a state, holds null");
        }
        catch (JsonException fault)
        {
            throw new CheckpointException($"{path}: must be the state that this run keeps: {fault.Message}", fault);
        }
    }
}
