using System.Buffers.Binary;

namespace Hone.Data;

/// <summary>One message of Arrow data.</summary>
/// <param name="Kind">1 a schema, 2 a dictionary, 3 a batch of rows.</param>
/// <param name="Header">What it says.</param>
/// <param name="Body">The buffers it says it of.</param>
internal readonly record struct ArrowMessage(int Kind, FlatTable Header, ReadOnlyMemory<byte> Body)
{
    public const int Schema = 1;
    public const int Dictionary = 2;
    public const int Batch = 3;
}

/// <summary>Reads messages one after another, as IPC streams have them.</summary>
/// <param name="source">The stream, at the head of a message.</param>
internal sealed class ArrowMessages(Stream source)
{
    private const int Continuation = -1;

    /// <summary>The next message.</summary>
    /// <returns>Null at the end of the stream, which need not be marked.</returns>
    /// <exception cref="InvalidDataException">It is malformed.</exception>
    /// <exception cref="EndOfStreamException">It is cut off.</exception>
    public ArrowMessage? Next()
    {
        if (!TryReadInt32(out var length) || (length == Continuation && !TryReadInt32(out length)) || length == 0)
        {
            return null;
        }

        if (length < 0)
        {
            throw new InvalidDataException($"the metadata of a message must have a length, got {length}");
        }

        var message = FlatTable.Root(Read(length));
        var bodyLength = message.Int64(3);
        if (bodyLength is < 0 or > int.MaxValue)
        {
            throw new InvalidDataException(
                $"the body of a message must have 0 to {int.MaxValue} bytes, got {bodyLength}");
        }

        return new ArrowMessage(message.UInt8(1), message.Table(2), Read((int)bodyLength));
    }

    private bool TryReadInt32(out int value)
    {
        Span<byte> bytes = stackalloc byte[4];
        var length = source.ReadAtLeast(bytes, 4, throwOnEndOfStream: false);
        value = BinaryPrimitives.ReadInt32LittleEndian(bytes);
        return length == 4 || (length == 0 ? false : throw new EndOfStreamException());
    }

    /// <summary>Reads so many bytes; memory grows with what is there, not with what is asked for.</summary>
    private byte[] Read(int length)
    {
        const int step = 1024 * 1024;
        var bytes = new byte[Math.Min(length, step)];
        for (var done = 0; ;)
        {
            source.ReadExactly(bytes, done, bytes.Length - done);
            done = bytes.Length;
            if (done == length)
            {
                return bytes;
            }

            Array.Resize(ref bytes, (int)Math.Min(length, 2L * done));
        }
    }
}
