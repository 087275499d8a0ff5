using System.Text.Json;
using Hone.Models;

namespace Hone.Training.Checkpoints;

/// <summary>What a checkpoint consists of, so that a torn or altered one is known.</summary>
/// <param name="Format">The version of this format.</param>
/// <param name="Step">Steps that were done.</param>
/// <param name="Files">Every other file of the checkpoint, in ordinal order of their names.</param>
public sealed record CheckpointManifest(int Format, int Step, IReadOnlyList<CheckpointFile> Files)
{
    /// <summary>The manifest's own file.</summary>
    public const string FileName = "manifest.json";

    private const int CurrentFormat = 1;

    private static readonly JsonSerializerOptions Json = new()
    {
        PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower,
        WriteIndented = true,
        RespectRequiredConstructorParameters = true,
        RespectNullableAnnotations = true,
    };

    /// <summary>Lists the files of a folder, and writes the list into it.</summary>
    public static void Write(string folder, int step)
    {
        var files = Directory.EnumerateFiles(folder, "*", SearchOption.AllDirectories)
            .Select(path => CheckpointFile.Of(folder, path))
            .OrderBy(file => file.Name, StringComparer.Ordinal);
        var manifest = new CheckpointManifest(CurrentFormat, step, [.. files]);
        File.WriteAllBytes(Path.Combine(folder, FileName), manifest.ToBytes());
    }

    /// <summary>Reads the manifest of a checkpoint and holds every file against it.</summary>
    /// <param name="folder">The checkpoint.</param>
    /// <param name="step">The step that the folder's name tells.</param>
    /// <exception cref="CheckpointException">A file is missing, cut or altered, the manifest included.</exception>
    public static CheckpointManifest Verify(string folder, int step)
    {
        try
        {
            var manifest = Read(Path.Combine(folder, FileName));
            if (manifest.Step != step)
            {
                throw new CheckpointException(
                    $"{folder}: must be a checkpoint of step {step}, its manifest is of step {manifest.Step}");
            }

            foreach (var file in manifest.Files)
            {
                file.Verify(folder);
            }

            return manifest;
        }
        catch (Exception fault) when (fault is IOException or UnauthorizedAccessException)
        {
            throw new CheckpointException($"{folder}: must be readable: {fault.Message}", fault);
        }
    }

    private static CheckpointManifest Read(string path)
    {
        try
        {
            var bytes = File.ReadAllBytes(path);
            var manifest = JsonSerializer.Deserialize<CheckpointManifest>(bytes, Json);
            if (manifest is { Format: not CurrentFormat })
            {
                throw new CheckpointException(
                    $"{path}: must have the format {CurrentFormat}, has {manifest.Format}; "
                    + "use the version of Hone that wrote it");
            }

            // Written anew it must be the same bytes: whatever was altered in it is seen here, or in a hash, a size or
            // a name.
            return manifest is not null && manifest.ToBytes().AsSpan().SequenceEqual(bytes)
                ? manifest
                : throw new CheckpointException($"{path}: must be as it was written, was altered");
        }
        catch (JsonException fault)
        {
            throw new CheckpointException(
                $"{path}: must be as it was written, was torn or altered: {fault.Message}", fault);
        }
    }

    private byte[] ToBytes() => JsonSerializer.SerializeToUtf8Bytes(this, Json);
}
