namespace Hone.Models.Checkpoints;

/// <summary>Opens, makes and replaces the files of a checkpoint with errors in words.</summary>
internal static class CheckpointFiles
{
    /// <summary>Opens a file for reading.</summary>
    public static FileStream OpenRead(string path)
    {
        try
        {
            return new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.Read);
        }
        catch (Exception e) when (e is FileNotFoundException or DirectoryNotFoundException)
        {
            throw new CheckpointException($"{path}: the file must exist, none was found; check the path", e);
        }
        catch (Exception e) when (e is UnauthorizedAccessException or IOException)
        {
            throw new CheckpointException($"{path}: the file must be readable, the system says \"{e.Message}\"", e);
        }
    }

    /// <summary>Writes a file beside its place and renames it, so that nobody ever sees half of it.</summary>
    public static void Replace(string path, Action<Stream> write)
    {
        var beside = $"{path}.{Environment.ProcessId}.tmp";
        try
        {
            using (var stream = new FileStream(beside, FileMode.Create, FileAccess.Write, FileShare.None, 1 << 20))
            {
                write(stream);
                stream.Flush(flushToDisk: true);
            }

            File.Move(beside, path, overwrite: true);
        }
        catch (Exception e)
        {
            File.Delete(beside);
            if (e is UnauthorizedAccessException or IOException)
            {
                throw new CheckpointException($"{path}: must be writable, the system says \"{e.Message}\"", e);
            }

            throw;
        }
    }

    /// <summary>Makes a file or a folder beside its place and renames it; when that fails, nothing is left of
    /// it.</summary>
    /// <param name="path">The file or folder, which must not exist.</param>
    /// <param name="write">Writes what it is to be to the place that it is given.</param>
    /// <param name="ending">How the name of that place must end.</param>
    /// <exception cref="CheckpointException">Something is in the way.</exception>
    public static T Create<T>(string path, Func<string, T> write, string ending = "")
    {
        if (Path.Exists(path))
        {
            throw new CheckpointException(
                $"{path}: must not exist yet, there is something of that name; choose another or remove it");
        }

        var beside = $"{path.TrimEnd(Path.DirectorySeparatorChar)}.{Environment.ProcessId}.tmp{ending}";
        try
        {
            var written = write(beside);
            Directory.CreateDirectory(Path.GetDirectoryName(Path.GetFullPath(path))!);
            Move(beside, path);
            return written;
        }
        catch
        {
            Remove(beside);
            throw;
        }
    }

    private static void Move(string from, string to)
    {
        if (Directory.Exists(from))
        {
            Directory.Move(from, to);
        }
        else
        {
            File.Move(from, to);
        }
    }

    private static void Remove(string path)
    {
        if (Directory.Exists(path))
        {
            Directory.Delete(path, recursive: true);
        }
        else if (File.Exists(path))
        {
            File.Delete(path);
        }
    }
}
