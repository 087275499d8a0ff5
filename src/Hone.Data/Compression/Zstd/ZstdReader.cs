using System.Buffers.Binary;

namespace Hone.Data;

/// <summary>Reads Zstandard (RFC 8878), strictly: all frames, skippable ones skipped, checksums and sizes verified, an
/// early end is an error.</summary>
/// <param name="source">The compressed bytes; closed with this stream.</param>
/// <param name="name">What errors call the file.</param>
internal sealed class ZstdReader(Stream source, string name) : DecompressedStream(
    source,
    name,
    "the Zstandard data end early; the file was cut off",
    "the Zstandard data are damaged, or need a dictionary")
{
    private const uint Magic = 0xFD2FB528;
    private const long LargestWindow = 128L * 1024 * 1024;

    private readonly byte[] _block = new byte[ZstdBlock.Largest];
    private ZstdWindow? _window;
    private ZstdBlock? _decoder;
    private XxHash64? _hash;
    private long _sizeLeft;
    private bool _begun;

    /// <inheritdoc/>
    protected override bool Advance(out ReadOnlyMemory<byte> decoded)
    {
        decoded = default;
        if (_window is null)
        {
            return BeginFrame();
        }

        decoded = DecodeBlock(_window, _decoder!);
        return true;
    }

    /// <summary>Whether one begins here.</summary>
    private bool BeginFrame()
    {
        Span<byte> bytes = stackalloc byte[4];
        var length = Source.ReadAtLeast(bytes, 4, throwOnEndOfStream: false);
        if (length == 0 && _begun)
        {
            return false;
        }

        var magic = BinaryPrimitives.ReadUInt32LittleEndian(bytes);
        var isSkippable = (magic & 0xFFFFFFF0) == 0x184D2A50;
        if (length < 4 ? !_begun : magic != Magic && !isSkippable)
        {
            throw Fail(
                _begun ? "the bytes after the Zstandard data are not Zstandard" : "these are not Zstandard data");
        }

        _begun = true;
        if (length < 4)
        {
            throw new EndOfStreamException();
        }

        if (isSkippable)
        {
            Skip((long)Number(4));
            return true;
        }

        ReadHeader();
        return true;
    }

    private void ReadHeader()
    {
        var descriptor = (int)Number(1);
        if ((descriptor & 8) != 0)
        {
            throw new InvalidDataException("a frame uses what is reserved");
        }

        var isSingle = (descriptor & 0x20) != 0;
        var windowCode = isSingle ? 0 : (int)Number(1);
        var dictionary = Number((descriptor & 3) switch { 3 => 4, var bytes => bytes });
        if (dictionary != 0)
        {
            throw Fail($"the Zstandard data need the dictionary {dictionary}; compress them without one");
        }

        var sizeBytes = (descriptor >> 6) switch { 0 => isSingle ? 1 : 0, 1 => 2, 2 => 4, _ => 8 };
        var size = Number(sizeBytes) + (sizeBytes == 2 ? 256UL : 0);
        var window = isSingle ? size : (1UL << (10 + (windowCode >> 3))) / 8 * (8 + ((ulong)windowCode & 7));
        if (window > (ulong)(isSingle ? Array.MaxLength / 2 : LargestWindow))
        {
            throw Fail($"the Zstandard data need a window of {window} bytes; the limit is {LargestWindow}");
        }

        _sizeLeft = sizeBytes == 0 ? -1 : (long)size;
        _window = new ZstdWindow((int)window);
        _decoder = new ZstdBlock(_window);
        _hash = (descriptor & 4) != 0 ? new XxHash64() : null;
    }

    private ReadOnlyMemory<byte> DecodeBlock(ZstdWindow window, ZstdBlock decoder)
    {
        var header = (int)Number(3);
        var size = header >> 3;
        if (size > ZstdBlock.Largest)
        {
            throw new InvalidDataException("a block is too large");
        }

        window.Reserve();
        switch ((header >> 1) & 3)
        {
            case 0:
                Source.ReadExactly(_block, 0, size);
                window.Append(_block.AsSpan(0, size));
                break;
            case 1:
                window.Fill((byte)Number(1), size);
                break;
            case 2:
                Source.ReadExactly(_block, 0, size);
                decoder.Decode(_block.AsSpan(0, size));
                break;
            default:
                throw new InvalidDataException("a block is of no known kind");
        }

        var decoded = window.Take();
        _hash?.Append(decoded.Span);
        if (_sizeLeft >= 0 && (_sizeLeft -= decoded.Length) < 0)
        {
            throw new InvalidDataException("a frame is larger than it says");
        }

        if ((header & 1) == 1)
        {
            EndFrame();
        }

        return decoded;
    }

    private void EndFrame()
    {
        if (_sizeLeft > 0)
        {
            throw new InvalidDataException("a frame is smaller than it says");
        }

        if (_hash is not null && (uint)_hash.Finish() != (uint)Number(4))
        {
            throw Fail("the Zstandard checksum does not match; the file is damaged");
        }

        _window = null;
    }

    private ulong Number(int bytes)
    {
        Span<byte> number = stackalloc byte[8];
        number.Clear();
        Source.ReadExactly(number[..bytes]);
        return BinaryPrimitives.ReadUInt64LittleEndian(number);
    }

    private void Skip(long count)
    {
        while (count > 0)
        {
            var read = Source.Read(_block, 0, (int)Math.Min(count, _block.Length));
            count -= read > 0 ? read : throw new EndOfStreamException();
        }
    }
}
