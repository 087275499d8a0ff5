using System.Globalization;
using Hone.Models;

namespace Hone.Training.Checkpoints;

/// <summary>The checkpoints of a run: <c>step-N</c> folders, of which the newest are kept.</summary>
/// <param name="folder">The folder that holds them; made with the first one.</param>
/// <param name="keep">How many are kept, at least one.</param>
public sealed class CheckpointStore(string folder, int keep)
{
    private const string Prefix = "step-";

    /// <summary>Removes what a killed run has left unfinished.</summary>
    public void RemoveLeftovers()
    {
        if (Directory.Exists(folder))
        {
            AtomicFolder.RemoveLeftovers(folder);
        }
    }

    /// <summary>Writes a checkpoint; when it is complete, those that are no longer kept are removed.</summary>
    /// <param name="step">Steps that are done.</param>
    /// <param name="write">Writes the checkpoint's files into the folder that it is given.</param>
    /// <returns>The checkpoint's folder.</returns>
    /// <exception cref="CheckpointException">It cannot be written, as on a full disk. Nothing of it is left then, and
    /// those before are as they were.</exception>
    public string Save(int step, Action<CheckpointFolder> write)
    {
        var path = PathOf(step);
        try
        {
            AtomicFolder.Write(path, partial =>
            {
                write(new CheckpointFolder(partial));
                CheckpointManifest.Write(partial, step);
            });
        }
        catch (Exception fault) when (fault is IOException or UnauthorizedAccessException)
        {
            throw new CheckpointException(
                $"{path}: must be written whole: {fault.Message}; the checkpoints before it are untouched", fault);
        }

        foreach (var old in Steps().Where(other => other < step).OrderDescending().Skip(keep - 1))
        {
            AtomicFolder.Remove(PathOf(old));
        }

        RemoveLeftovers();
        return path;
    }

    /// <summary>Opens the checkpoint of a step after holding it against its manifest.</summary>
    /// <exception cref="CheckpointException">It is missing, torn or altered.</exception>
    public SavedCheckpoint Open(int step) => new(PathOf(step), CheckpointManifest.Verify(PathOf(step), step));

    /// <summary>Finds the newest checkpoint that is whole, and tells of those that had to be passed over.</summary>
    /// <exception cref="CheckpointException">There are checkpoints, and none of them can be used.</exception>
    public CheckpointSearch FindNewest()
    {
        List<string> refused = [];
        foreach (var step in Steps().OrderDescending())
        {
            try
            {
                return new CheckpointSearch(Open(step), refused);
            }
            catch (CheckpointException fault)
            {
                refused.Add(fault.Message);
            }
        }

        if (refused is [])
        {
            return new CheckpointSearch(null, refused);
        }

        var none = $"{folder}: must hold a checkpoint that is whole, holds none; remove it to begin anew";
        throw new CheckpointException(string.Join('\n', [none, .. refused]));
    }

    /// <summary>The steps that have a checkpoint, whole or not.</summary>
    private List<int> Steps()
    {
        List<int> steps = [];
        if (Directory.Exists(folder))
        {
            foreach (var path in Directory.EnumerateDirectories(folder, Prefix + "*"))
            {
                var number = Path.GetFileName(path.AsSpan())[Prefix.Length..];
                if (int.TryParse(number, NumberStyles.None, CultureInfo.InvariantCulture, out var step))
                {
                    steps.Add(step);
                }
            }
        }

        return steps;
    }

    private string PathOf(int step) =>
        Path.Combine(folder, string.Create(CultureInfo.InvariantCulture, $"{Prefix}{step}"));
}
