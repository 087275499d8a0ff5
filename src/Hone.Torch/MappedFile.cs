using Hone.Torch.Native;

namespace Hone.Torch;

/// <summary>
/// A file mapped into memory, copy-on-write: tensors over its bytes cost no reading until they are used.
/// </summary>
/// <remarks>Tensors made from it stay valid after it is disposed. Writing to one never changes the file.</remarks>
public sealed unsafe class MappedFile : IDisposable
{
    private nint _mapping;

    private MappedFile(nint mapping, long length)
    {
        _mapping = mapping;
        Length = length;
    }

    /// <summary>Bytes of the file.</summary>
    public long Length { get; }

    /// <summary>Maps a file.</summary>
    /// <exception cref="TorchException">It cannot be opened or mapped.</exception>
    public static MappedFile Open(string path)
    {
        Door.Check(Door.hone_mapping_open(path, out var mapping, out var length));
        return new MappedFile(mapping, length);
    }

    /// <summary>Bytes of the file, to be read before it is disposed.</summary>
    public ReadOnlySpan<byte> Bytes(long offset, int length)
    {
        ObjectDisposedException.ThrowIf(_mapping == 0, this);
        ArgumentOutOfRangeException.ThrowIfNegative(offset);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(offset + length, Length);
        return new ReadOnlySpan<byte>(Door.hone_mapping_data(_mapping) + offset, length);
    }

    /// <summary>
    /// A tensor over the bytes at <paramref name="offset"/>; copied where they are not aligned to its element.
    /// </summary>
    /// <exception cref="TorchException">It lies outside of the file.</exception>
    public Tensor Tensor(long offset, DType dtype, params ReadOnlySpan<long> shape)
    {
        ObjectDisposedException.ThrowIf(_mapping == 0, this);
        fixed (long* sizes = shape)
        {
            Door.Check(Door.hone_mapping_tensor(_mapping, offset, sizes, shape.Length, (int)dtype, out var handle));
            return new Tensor(handle);
        }
    }

    /// <summary>Gives up this view of the file.</summary>
    public void Dispose()
    {
        if (_mapping != 0)
        {
            Door.hone_mapping_close(_mapping);
            _mapping = 0;
        }
    }
}
