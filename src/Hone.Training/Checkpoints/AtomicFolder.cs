namespace Hone.Training.Checkpoints;

/// <summary>Writes a folder so that it is there whole or not at all: beside its place, onto the disk, then
/// renamed.</summary>
/// <remarks>
/// The files are flushed to the disk; the rename itself is not (a folder cannot be flushed from here), so that a power
/// cut right after it may bring back the state before, never a mixture.
/// </remarks>
public static class AtomicFolder
{
    private const string Partial = ".partial";
    private const string Removed = ".removed";

    /// <summary>Writes a folder, in place of one that may be there already.</summary>
    /// <param name="path">The folder.</param>
    /// <param name="write">Writes its files into the folder that it is given; when it throws, nothing has
    /// happened.</param>
    public static void Write(string path, Action<string> write)
    {
        var partial = path + Partial;
        Delete(partial);
        Directory.CreateDirectory(partial);
        try
        {
            write(partial);
            foreach (var file in Directory.EnumerateFiles(partial, "*", SearchOption.AllDirectories))
            {
                using var handle = File.OpenHandle(file, access: FileAccess.ReadWrite);
                RandomAccess.FlushToDisk(handle);
            }

            Remove(path);
            Directory.Move(partial, path);
        }
        catch
        {
            Delete(partial);
            throw;
        }

        Delete(path + Removed);
    }

    /// <summary>Removes a folder so that nobody ever sees half of it.</summary>
    public static void Remove(string path)
    {
        if (Directory.Exists(path))
        {
            Delete(path + Removed);
            Directory.Move(path, path + Removed);
        }
    }

    /// <summary>Removes what a killed run has left unfinished in <paramref name="folder"/>.</summary>
    public static void RemoveLeftovers(string folder)
    {
        foreach (var path in Directory.GetDirectories(folder))
        {
            if (Path.GetExtension(path) is Partial or Removed)
            {
                Delete(path);
            }
        }
    }

    private static void Delete(string path)
    {
        if (Directory.Exists(path))
        {
            Directory.Delete(path, recursive: true);
        }
    }
}
