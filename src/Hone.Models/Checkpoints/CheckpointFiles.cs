namespace Hone.Models.Checkpoints;

/// <summary>Opens and replaces the files of a checkpoint with errors in words.</summary>
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
}
