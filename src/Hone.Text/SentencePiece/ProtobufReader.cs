using System.Buffers.Binary;
using System.Text;

namespace Hone.Text.SentencePiece;

/// <summary>Reads the fields of a protobuf message, one after the other.</summary>
/// <exception cref="FormatException">The bytes are no message; the message says why.</exception>
internal ref struct ProtobufReader(ReadOnlySpan<byte> message)
{
    private const int Varint = 0;
    private const int Fixed64 = 1;
    private const int Delimited = 2;
    private const int Fixed32 = 5;

    private ReadOnlySpan<byte> _rest = message;
    private ReadOnlySpan<byte> _bytes = default;
    private ulong _value = 0;
    private int _wire = Varint;

    /// <summary>The number of the current field.</summary>
    public int Field { get; private set; } = 0;

    /// <summary>The current field as bytes.</summary>
    public readonly ReadOnlySpan<byte> Bytes => _wire == Delimited ? _bytes : throw Wrong("bytes");

    /// <summary>The current field as text.</summary>
    public readonly string Text => Encoding.UTF8.GetString(Bytes);

    /// <summary>The current field as a truth value.</summary>
    public readonly bool Bool => Int != 0;

    /// <summary>The current field as a whole number.</summary>
    public readonly int Int => _wire == Varint ? unchecked((int)_value) : throw Wrong("a whole number");

    /// <summary>The current field as a number.</summary>
    public readonly float Float => _wire == Fixed32
        ? BitConverter.UInt32BitsToSingle((uint)_value)
        : throw Wrong("a number");

    /// <summary>Goes to the next field; false at the end.</summary>
    public bool Next()
    {
        if (_rest.IsEmpty)
        {
            return false;
        }

        var key = ReadVarint();
        (Field, _wire) = ((int)Math.Min(key >> 3, int.MaxValue), (int)(key & 7));
        switch (_wire)
        {
            case Varint:
                _value = ReadVarint();
                break;
            case Fixed64:
                _value = BinaryPrimitives.ReadUInt64LittleEndian(Take(8));
                break;
            case Fixed32:
                _value = BinaryPrimitives.ReadUInt32LittleEndian(Take(4));
                break;
            case Delimited:
                _bytes = Take(ReadVarint());
                break;
            default:
                throw new FormatException($"field {Field} has the wire type {_wire}, which is not known");
        }

        return true;
    }

    private ulong ReadVarint()
    {
        ulong value = 0;
        for (var shift = 0; shift < 64; shift += 7)
        {
            var part = Take(1)[0];
            value |= (ulong)(part & 0x7F) << shift;
            if (part < 0x80)
            {
                return value;
            }
        }

        throw new FormatException("a number takes more than ten bytes");
    }

    private ReadOnlySpan<byte> Take(ulong count)
    {
        if (count > (ulong)_rest.Length)
        {
            throw new FormatException($"field {Field} needs {count} bytes, but only {_rest.Length} are left");
        }

        var taken = _rest[..(int)count];
        _rest = _rest[(int)count..];
        return taken;
    }

    private readonly FormatException Wrong(string expected) =>
        new($"field {Field} must be {expected}, but has the wire type {_wire}");
}
