using System.Security.Cryptography;

namespace Hone.Data.Hub;

/// <summary>A file that is being downloaded, hashed as it grows. What came stays there when it is left, so that the
/// next one goes on behind it.</summary>
internal sealed class PartFile : IDisposable
{
    private const int BlockSize = 1 << 20;

    private readonly FileStream _stream;
    private readonly HubFile _file;
    private IncrementalHash _hash;

    private PartFile(FileStream stream, HubFile file)
    {
        (_stream, _file) = (stream, file);
        _hash = file.Hash.Begin(file.Size);
    }

    /// <summary>Bytes that are there.</summary>
    public long Length { get; private set; }

    /// <summary>Opens the part of a file, made where there is none, and hashes what it holds.</summary>
    public static async Task<PartFile> OpenAsync(string path, HubFile file, CancellationToken cancel)
    {
        var stream = new FileStream(
            path, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None, bufferSize: 1, useAsync: true);
        var part = new PartFile(stream, file);
        try
        {
            await part.HashWhatIsThereAsync(cancel);
            return part;
        }
        catch
        {
            part.Dispose();
            throw;
        }
    }

    /// <summary>Adds bytes at the end.</summary>
    public async Task AppendAsync(ReadOnlyMemory<byte> bytes, CancellationToken cancel)
    {
        await _stream.WriteAsync(bytes, cancel);
        _hash.AppendData(bytes.Span);
        Length += bytes.Length;
    }

    /// <summary>Forgets what is there.</summary>
    public void Restart()
    {
        _stream.SetLength(0);
        _hash.Dispose();
        _hash = _file.Hash.Begin(_file.Size);
        Length = 0;
    }

    /// <summary>Brings what was written to the disk, and says what it hashes to.</summary>
    public string Finish()
    {
        _stream.Flush(flushToDisk: true);
        return Convert.ToHexStringLower(_hash.GetHashAndReset());
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _hash.Dispose();
        _stream.Dispose();
    }

    private async Task HashWhatIsThereAsync(CancellationToken cancel)
    {
        if (_stream.Length > _file.Size)
        {
            _stream.SetLength(0);
        }

        var block = new byte[BlockSize];
        while (await _stream.ReadAsync(block, cancel) is > 0 and var count)
        {
            _hash.AppendData(block.AsSpan(0, count));
            Length += count;
        }
    }
}
