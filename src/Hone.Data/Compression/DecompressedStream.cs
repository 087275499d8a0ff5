namespace Hone.Data;

/// <summary>What streams of compressed bytes have in common: they can only be read forwards, and say in words what is
/// wrong with the bytes.</summary>
/// <param name="source">The compressed bytes; closed with this stream.</param>
/// <param name="name">What errors call the file.</param>
/// <param name="early">The error of data that end early.</param>
/// <param name="damaged">The error of data that contradict themselves, up to how they do.</param>
internal abstract class DecompressedStream(Stream source, string name, string early, string damaged) : Stream
{
    private ReadOnlyMemory<byte> _ready;
    private bool _ended;

    /// <inheritdoc/>
    public override bool CanRead => true;

    /// <inheritdoc/>
    public override bool CanSeek => false;

    /// <inheritdoc/>
    public override bool CanWrite => false;

    /// <inheritdoc/>
    public override long Length => throw new NotSupportedException();

    /// <inheritdoc/>
    public override long Position
    {
        get => throw new NotSupportedException();
        set => throw new NotSupportedException();
    }

    /// <inheritdoc/>
    public override int Read(Span<byte> buffer)
    {
        try
        {
            while (_ready.IsEmpty && !_ended)
            {
                _ended = !Advance(out _ready);
            }
        }
        catch (EndOfStreamException)
        {
            throw Fail(early);
        }
        catch (InvalidDataException damage)
        {
            throw Fail($"{damaged}: {damage.Message}");
        }

        var count = Math.Min(buffer.Length, _ready.Length);
        _ready.Span[..count].CopyTo(buffer);
        _ready = _ready[count..];
        return count;
    }

    /// <inheritdoc/>
    public override int Read(byte[] buffer, int offset, int count) => Read(buffer.AsSpan(offset, count));

    /// <inheritdoc/>
    public override void Flush()
    {
    }

    /// <inheritdoc/>
    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    /// <inheritdoc/>
    public override void SetLength(long value) => throw new NotSupportedException();

    /// <inheritdoc/>
    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    /// <summary>The compressed bytes.</summary>
    protected Stream Source { get; } = source;

    /// <summary>Decodes on.</summary>
    /// <param name="decoded">The next bytes, valid until the next call; perhaps none.</param>
    /// <returns>Whether more can follow.</returns>
    /// <exception cref="EndOfStreamException">The compressed bytes end early.</exception>
    /// <exception cref="InvalidDataException">They contradict themselves.</exception>
    protected abstract bool Advance(out ReadOnlyMemory<byte> decoded);

    /// <summary>The error of this file.</summary>
    protected DataException Fail(string message) => new(new SourceLine(name), message);

    /// <inheritdoc/>
    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            Source.Dispose();
        }

        base.Dispose(disposing);
    }
}
