using System.Text;

namespace Hone.Data;

/// <summary>Reads Thrift's compact protocol, in which Parquet writes its metadata.</summary>
/// <param name="bytes">Begins with a struct.</param>
internal ref struct ThriftReader(ReadOnlySpan<byte> bytes)
{
    private const int DeepestNesting = 32;

    private readonly ReadOnlySpan<byte> _bytes = bytes;

    /// <summary>Bytes read so far.</summary>
    public int Position { get; private set; }

    /// <summary>Goes on to the next field of the present struct.</summary>
    /// <param name="field">The number of the last field, 0 before the first; then that of the next.</param>
    /// <param name="type">The field's type.</param>
    /// <returns>Whether there is one.</returns>
    public bool Next(ref int field, out ThriftType type)
    {
        var header = Byte();
        type = (ThriftType)(header & 15);
        if (header == 0)
        {
            return false;
        }

        if (type is ThriftType.Stop or > ThriftType.Struct)
        {
            throw Malformed();
        }

        field = header >> 4 == 0 ? (int)ZigZag() : field + (header >> 4);
        return true;
    }

    /// <summary>An integer of any width.</summary>
    public long Integer(ThriftType type) => type switch
    {
        ThriftType.Byte => (sbyte)Byte(),
        ThriftType.Int16 or ThriftType.Int32 or ThriftType.Int64 => ZigZag(),
        _ => throw Malformed(),
    };

    /// <summary>An integer of 32 bits.</summary>
    public int Int32(ThriftType type) =>
        Integer(type) is >= int.MinValue and <= int.MaxValue and var value ? (int)value : throw Malformed();

    /// <summary>A truth value, which its type tells.</summary>
    public static bool Flag(ThriftType type) => type switch
    {
        ThriftType.True => true,
        ThriftType.False => false,
        _ => throw Malformed(),
    };

    /// <summary>Text.</summary>
    public string Text(ThriftType type) =>
        type == ThriftType.Binary ? Encoding.UTF8.GetString(Take(VarInt())) : throw Malformed();

    /// <summary>The head of a list: how many elements of which type follow.</summary>
    public int List(ThriftType type, out ThriftType element)
    {
        if (type is not (ThriftType.List or ThriftType.Set))
        {
            throw Malformed();
        }

        var header = Byte();
        element = (ThriftType)(header & 15);
        var count = header >> 4 == 15 ? VarInt() : (ulong)(header >> 4);

        // every element takes a byte at least
        return count <= (ulong)(_bytes.Length - Position) ? (int)count : throw Malformed();
    }

    /// <summary>Passes over a value.</summary>
    public void Skip(ThriftType type) => Skip(type, 0);

    private static InvalidDataException Malformed() => new("the metadata are malformed");

    private void Skip(ThriftType type, int depth)
    {
        if (depth == DeepestNesting)
        {
            throw Malformed();
        }

        switch (type)
        {
            case ThriftType.True or ThriftType.False:
                break;
            case ThriftType.Byte:
                Byte();
                break;
            case ThriftType.Int16 or ThriftType.Int32 or ThriftType.Int64:
                VarInt();
                break;
            case ThriftType.Double:
                Take(8);
                break;
            case ThriftType.Binary:
                Take(VarInt());
                break;
            case ThriftType.List or ThriftType.Set:
                for (var left = List(type, out var element); left > 0; left--)
                {
                    SkipElement(element, depth);
                }

                break;
            case ThriftType.Map:
                SkipMap(depth);
                break;
            case ThriftType.Struct:
                var field = 0;
                while (Next(ref field, out var inner))
                {
                    Skip(inner, depth + 1);
                }

                break;
            default:
                throw Malformed();
        }
    }

    private void SkipMap(int depth)
    {
        var count = VarInt();
        if (count == 0)
        {
            return;
        }

        var types = Byte();
        for (; count > 0; count--)
        {
            SkipElement((ThriftType)(types >> 4), depth);
            SkipElement((ThriftType)(types & 15), depth);
        }
    }

    /// <summary>A truth value takes a byte where its type does not tell it.</summary>
    private void SkipElement(ThriftType type, int depth) =>
        Skip(type is ThriftType.True or ThriftType.False ? ThriftType.Byte : type, depth + 1);

    private byte Byte() => Position < _bytes.Length ? _bytes[Position++] : throw new EndOfStreamException();

    private ReadOnlySpan<byte> Take(ulong count)
    {
        if (count > (ulong)(_bytes.Length - Position))
        {
            throw new EndOfStreamException();
        }

        Position += (int)count;
        return _bytes.Slice(Position - (int)count, (int)count);
    }

    private long ZigZag()
    {
        var value = VarInt();
        return (long)(value >> 1) ^ -(long)(value & 1);
    }

    private ulong VarInt()
    {
        var value = 0UL;
        for (var shift = 0; shift < 64; shift += 7)
        {
            var part = Byte();
            value |= (ulong)(part & 127) << shift;
            if (part < 128)
            {
                return value;
            }
        }

        throw Malformed();
    }
}
