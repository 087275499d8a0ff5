namespace Hone.Data;

/// <summary>Reads gzip (RFC 1952), strictly: all members, checksums and lengths verified, an early end is an error,
/// zero padding after the last member is ignored and any other byte there is not.</summary>
/// <param name="source">The compressed bytes; closed with this stream.</param>
/// <param name="name">What errors call the file.</param>
internal sealed class GzipReader(Stream source, string name) : DecompressedStream(
    source, name, "the gzip data end early; the file was cut off", "the gzip data are damaged")
{
    private readonly BitSource _bits = new(source);
    private Inflater? _member;
    private uint _crc;
    private uint _length;
    private bool _begun;

    /// <inheritdoc/>
    protected override bool Advance(out ReadOnlyMemory<byte> decoded)
    {
        decoded = default;
        if (_member is null)
        {
            return BeginMember();
        }

        if (_member.Finished)
        {
            EndMember();
        }
        else
        {
            decoded = _member.Next();
            _crc = Crc32.Append(_crc, decoded.Span);
            _length += (uint)decoded.Length;
        }

        return true;
    }

    /// <summary>Whether one begins here.</summary>
    private bool BeginMember()
    {
        var first = _bits.ReadByte();
        if (_begun && first <= 0)
        {
            SkipPadding(first);
            return false;
        }

        var second = first < 0 ? -1 : _bits.ReadByte();
        if (first != 0x1F || second != 0x8B)
        {
            throw Fail(_begun
                ? "the bytes after the gzip data are not gzip"
                : first == 0x78 && second is 0x01 or 0x5E or 0x9C or 0xDA
                    ? "these are not gzip data; they look like zlib"
                    : "these are not gzip data");
        }

        ReadHeader();
        (_member, _crc, _length, _begun) = (new Inflater(_bits), 0, 0, true);
        return true;
    }

    private void SkipPadding(int value)
    {
        while (value == 0)
        {
            value = _bits.ReadByte();
        }

        if (value >= 0)
        {
            throw Fail("the bytes after the gzip data are not gzip");
        }
    }

    private void ReadHeader()
    {
        const int checksum = 2, extra = 4, fileName = 8, comment = 16;
        if (Byte() != 8)
        {
            throw new InvalidDataException("the method is not DEFLATE");
        }

        var flags = Byte();
        Skip(6);
        if ((flags & extra) != 0)
        {
            Skip(Byte() | (Byte() << 8));
        }

        foreach (var flag in (ReadOnlySpan<int>)[fileName, comment])
        {
            while ((flags & flag) != 0 && Byte() != 0)
            {
            }
        }

        Skip((flags & checksum) != 0 ? 2 : 0);
    }

    private void EndMember()
    {
        _bits.Align();
        if (Word() != _crc)
        {
            throw Fail("the gzip checksum does not match; the file is damaged");
        }

        if (Word() != _length)
        {
            throw Fail("the gzip length does not match; the file is damaged");
        }

        _member = null;
    }

    private int Byte() => _bits.ReadByte() is >= 0 and var value ? value : throw new EndOfStreamException();

    private uint Word() => (uint)(Byte() | (Byte() << 8) | (Byte() << 16) | (Byte() << 24));

    private void Skip(int count)
    {
        for (var i = 0; i < count; i++)
        {
            Byte();
        }
    }
}
