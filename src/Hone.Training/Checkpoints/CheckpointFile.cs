using System.Security.Cryptography;
using Hone.Models;

namespace Hone.Training.Checkpoints;

/// <summary>A file of a checkpoint as it was when it was written.</summary>
/// <param name="Name">Its path inside the checkpoint.</param>
/// <param name="Bytes">Its size.</param>
/// <param name="Sha256">Its SHA-256 in lower-case hexadecimal digits.</param>
public sealed record CheckpointFile(string Name, long Bytes, string Sha256)
{
    /// <summary>Takes down what a file is now.</summary>
    internal static CheckpointFile Of(string folder, string path) =>
        new(Path.GetRelativePath(folder, path), new FileInfo(path).Length, HashOf(path));

    /// <summary>Holds that the file is still the same.</summary>
    /// <exception cref="CheckpointException">It is missing, cut or altered.</exception>
    internal void Verify(string folder)
    {
        var path = Path.Combine(folder, Name);
        var file = new FileInfo(path);
        if (!file.Exists)
        {
            throw new CheckpointException($"{path}: must be there, is missing");
        }

        if (file.Length != Bytes)
        {
            throw new CheckpointException($"{path}: must have {Bytes} bytes, has {file.Length}");
        }

        if (HashOf(path) is var found && found != Sha256)
        {
            throw new CheckpointException(
                $"{path}: must have the SHA-256 {Sha256[..12]}…, has {found[..12]}…; the file was altered");
        }
    }

    private static string HashOf(string path)
    {
        using var stream = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.Read, bufferSize: 0);
        return Convert.ToHexStringLower(SHA256.HashData(stream));
    }
}
