namespace Hone.Data;

/// <summary>A file of rows, perhaps compressed.</summary>
/// <param name="Path">Its path, as the user wrote it.</param>
internal sealed record DataFile(string Path)
{
    /// <summary>The path without the suffix of its compression.</summary>
    public string Uncompressed => Suffix is ".gz" or ".zst" ? Path[..^Suffix.Length] : Path;

    private string Suffix => System.IO.Path.GetExtension(Path).ToLowerInvariant();

    /// <summary>Opens the file for reading forwards, decompressed if its suffix or its first bytes say so.</summary>
    /// <exception cref="DataException">There is no such file, or it may not be read, or its compression is not
    /// known.</exception>
    public Stream Open()
    {
        if (Suffix is ".bz2" or ".xz" or ".7z" or ".zip")
        {
            throw new DataException(
                new SourceLine(Path), $"{Suffix} is not supported; compress it with gzip or Zstandard, or not at all");
        }

        var file = OpenRaw();
        var magic = new byte[4];
        file.ReadAtLeast(magic, magic.Length, throwOnEndOfStream: false);
        file.Position = 0;
        return (Suffix, magic) switch
        {
            (".gz", _) or (_, [0x1F, 0x8B, ..]) => new GzipReader(file, Path),
            (".zst", _) or (_, [0x28, 0xB5, 0x2F, 0xFD]) => new ZstdReader(file, Path),
            _ => file,
        };
    }

    /// <summary>Opens the file as it is, for readers that jump about in it.</summary>
    /// <exception cref="DataException">There is no such file, or it may not be read.</exception>
    public FileStream OpenRaw()
    {
        try
        {
            return new FileStream(Path, FileMode.Open, FileAccess.Read, FileShare.Read, bufferSize: 1);
        }
        catch (Exception problem) when (problem is IOException or UnauthorizedAccessException or ArgumentException
            or NotSupportedException)
        {
            throw new DataException(new SourceLine(Path), problem is FileNotFoundException or DirectoryNotFoundException
                ? "there is no such file"
                : $"the file cannot be read: {problem.Message}");
        }
    }
}
