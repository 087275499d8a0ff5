namespace Hone.Data;

/// <summary>Reads gzip (RFC 1952), strictly: all members, checksums and lengths verified, an early end is an error,
/// zero padding after the last member is ignored and any other byte there is not.</summary>
/// <param name="source">The compressed bytes; closed with this stream.</param>
/// <param name="name">What errors call the file.</param>
internal sealed class GzipReader(Stream source, string name) : ForwardStream
{
    private readonly BitSource _bits = new(source);
    private Inflater? _member;
    private ReadOnlyMemory<byte> _ready;
    private uint _crc;
    private uint _length;
    private bool _begun;
    private bool _ended;

    /// <inheritdoc/>
    public override int Read(Span<byte> buffer)
    {
        try
        {
            while (_ready.IsEmpty && !_ended)
            {
                Advance();
            }
        }
        catch (EndOfStreamException)
        {
            throw Fail("the gzip data end early; the file was cut off");
        }
        catch (InvalidDataException damage)
        {
            throw Fail($"the gzip data are damaged: {damage.Message}");
        }

        var count = Math.Min(buffer.Length, _ready.Length);
        _ready.Span[..count].CopyTo(buffer);
        _ready = _ready[count..];
        return count;
    }

    /// <inheritdoc/>
    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            source.Dispose();
        }

        base.Dispose(disposing);
    }

    private DataException Fail(string message) => new(new SourceLine(name), message);

    private void Advance()
    {
        if (_member is null)
        {
            BeginMember();
        }
        else if (_member.Finished)
        {
            EndMember();
        }
        else
        {
            _ready = _member.Next();
            _crc = Crc32.Append(_crc, _ready.Span);
            _length += (uint)_ready.Length;
        }
    }

    private void BeginMember()
    {
        var first = _bits.ReadByte();
        if (_begun && first <= 0)
        {
            SkipPadding(first);
            return;
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
    }

    private void SkipPadding(int value)
    {
        while (value == 0)
        {
            value = _bits.ReadByte();
        }

        _ended = value < 0 ? true : throw Fail("the bytes after the gzip data are not gzip");
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
