using System.Text.Json;

namespace Hone.Training.Checkpoints;

/// <summary>A checkpoint while it is written.</summary>
/// <param name="Path">The folder to write files into; it has another name until the checkpoint is complete.</param>
public sealed record CheckpointFolder(string Path)
{
    /// <summary>The file of what is neither weights nor moments: cursors, counters, hashes.</summary>
    public const string StateFile = "state.json";

    internal static readonly JsonSerializerOptions Json = new()
    {
        PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower,
        WriteIndented = true,
        RespectRequiredConstructorParameters = true,
        RespectNullableAnnotations = true,
    };

    /// <summary>The path of a file to write.</summary>
    public string PathOf(string name) => System.IO.Path.Combine(Path, name);

    /// <summary>Writes the state.</summary>
    public void WriteState<T>(T state) =>
        File.WriteAllBytes(PathOf(StateFile), JsonSerializer.SerializeToUtf8Bytes(state, Json));
}
