namespace Hone.Models.Gguf;

/// <summary>Finds the GGUF file of a model.</summary>
public static class GgufModel
{
    private const string Extension = ".gguf";

    private static readonly string[] OtherWeights =
        [Checkpoints.Checkpoint.SingleFile, Checkpoints.Checkpoint.IndexFile];

    /// <summary>The GGUF file that a model's path names: itself, or the only one of a folder without safetensors; null
    /// where there is none.</summary>
    /// <param name="path">A file or a folder.</param>
    /// <exception cref="CheckpointException">The folder has several.</exception>
    public static string? Find(string path)
    {
        if (File.Exists(path))
        {
            return Path.GetExtension(path).Equals(Extension, StringComparison.OrdinalIgnoreCase) ? path : null;
        }

        if (!Directory.Exists(path) || OtherWeights.Any(name => File.Exists(Path.Combine(path, name))))
        {
            return null;
        }

        string[] files = [.. Directory.EnumerateFiles(path, "*" + Extension).Order(StringComparer.Ordinal)];
        return files.Length <= 1
            ? files.SingleOrDefault()
            : throw new CheckpointException(
                $"{path}: must hold one GGUF file, it has {files.Length}; name one of "
                    + $"{string.Join(", ", files.Select(Path.GetFileName))}");
    }
}
