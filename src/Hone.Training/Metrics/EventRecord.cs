using System.Buffers;
using System.Buffers.Binary;
using System.Text;

namespace Hone.Training.Metrics;

/// <summary>One record of a TensorBoard event file: a protocol buffer <c>Event</c> inside a TFRecord.</summary>
/// <remarks>
/// Event: 1 wall time (double), 2 step (varint, left out when 0), 3 file version (text), 5 summary; Summary: 1 value;
/// Value: 1 tag (text), 2 simple value (float). TFRecord: length (uint64), its masked CRC, payload, its masked CRC; all
/// little-endian.
/// </remarks>
public static class EventRecord
{
    private const int HeaderBytes = sizeof(ulong) + sizeof(uint);

    /// <summary>The record that every event file begins with.</summary>
    public static byte[] Version(DateTimeOffset time) => Framed(Event(time, step: 0, 0x1A, "brain.Event:2"u8));

    /// <summary>The record of one number.</summary>
    public static byte[] Scalar(DateTimeOffset time, long step, string tag, float value)
    {
        var field = new ArrayBufferWriter<byte>();
        Bytes(field, 0x0A, Encoding.UTF8.GetBytes(tag));
        field.Write<byte>([0x15]);
        BinaryPrimitives.WriteUInt32LittleEndian(field.GetSpan(sizeof(float)), Bits(value));
        field.Advance(sizeof(float));

        var summary = new ArrayBufferWriter<byte>();
        Bytes(summary, 0x0A, field.WrittenSpan);
        return Framed(Event(time, step, 0x2A, summary.WrittenSpan));
    }

    /// <summary>Reads the next record's payload; null at the end of the file, or where a record is torn or
    /// altered.</summary>
    public static byte[]? ReadPayload(Stream file)
    {
        Span<byte> header = stackalloc byte[HeaderBytes];
        if (file.ReadAtLeast(header, HeaderBytes, throwOnEndOfStream: false) < HeaderBytes || !HasChecksum(header))
        {
            return null;
        }

        var length = BinaryPrimitives.ReadUInt64LittleEndian(header);
        if (length > (ulong)(file.Length - file.Position))
        {
            return null;
        }

        var rest = new byte[length + sizeof(uint)];
        return file.ReadAtLeast(rest, rest.Length, throwOnEndOfStream: false) == rest.Length && HasChecksum(rest)
            ? rest[..^sizeof(uint)]
            : null;
    }

    /// <summary>The step of an event. It stands right behind the wall time, or is 0.</summary>
    public static long StepOf(ReadOnlySpan<byte> payload)
    {
        if (payload is not [0x09, _, _, _, _, _, _, _, _, 0x10, .. var digits])
        {
            return 0;
        }

        var step = 0L;
        for (var i = 0; i < digits.Length; i++)
        {
            step |= (long)(digits[i] & 0x7F) << (7 * i);
            if (digits[i] < 0x80)
            {
                break;
            }
        }

        return step;
    }

    /// <summary>The number's bits. A NaN has the sign that other writers give it; .NET's own is negative.</summary>
    private static uint Bits(float value) => float.IsNaN(value) ? 0x7FC0_0000 : BitConverter.SingleToUInt32Bits(value);

    private static bool HasChecksum(ReadOnlySpan<byte> data) =>
        BinaryPrimitives.ReadUInt32LittleEndian(data[^sizeof(uint)..]) == Crc32C.Masked(data[..^sizeof(uint)]);

    private static byte[] Event(DateTimeOffset time, long step, byte key, ReadOnlySpan<byte> content)
    {
        var payload = new ArrayBufferWriter<byte>();
        payload.Write<byte>([0x09]);
        var seconds = (time - DateTimeOffset.UnixEpoch).TotalSeconds;
        BinaryPrimitives.WriteDoubleLittleEndian(payload.GetSpan(sizeof(double)), seconds);
        payload.Advance(sizeof(double));
        if (step != 0)
        {
            payload.Write<byte>([0x10]);
            Varint(payload, (ulong)step);
        }

        Bytes(payload, key, content);
        return payload.WrittenSpan.ToArray();
    }

    private static byte[] Framed(ReadOnlySpan<byte> payload)
    {
        var record = new byte[HeaderBytes + payload.Length + sizeof(uint)];
        BinaryPrimitives.WriteUInt64LittleEndian(record, (ulong)payload.Length);
        var ofLength = Crc32C.Masked(record.AsSpan(0, sizeof(ulong)));
        BinaryPrimitives.WriteUInt32LittleEndian(record.AsSpan(sizeof(ulong)), ofLength);
        payload.CopyTo(record.AsSpan(HeaderBytes));
        BinaryPrimitives.WriteUInt32LittleEndian(record.AsSpan(HeaderBytes + payload.Length), Crc32C.Masked(payload));
        return record;
    }

    private static void Bytes(ArrayBufferWriter<byte> target, byte key, ReadOnlySpan<byte> content)
    {
        target.Write([key]);
        Varint(target, (ulong)content.Length);
        target.Write(content);
    }

    private static void Varint(ArrayBufferWriter<byte> target, ulong value)
    {
        for (; value >= 0x80; value >>= 7)
        {
            target.Write([(byte)(value | 0x80)]);
        }

        target.Write([(byte)value]);
    }
}
