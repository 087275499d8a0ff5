using System.Buffers.Binary;
using System.Text;
using System.Text.Unicode;

namespace Hone.Text.Gguf;

/// <summary>Reads the parts of a GGUF header one after the other. A length that the file cannot hold is a fault, not an
/// allocation.</summary>
internal sealed class GgufSource(Stream stream)
{
    private const int DeepestList = 4;

    // What a header may take at most: the largest vocabularies take a tenth of it.
    private const long LargestHeader = 1L << 28;

    private readonly byte[] _number = new byte[8];

    /// <summary>Which part of the header is being read, for messages.</summary>
    public string Part { get; set; } = "header";

    public long Position => stream.Position;

    /// <summary>Bytes of the header that may be left.</summary>
    public long Left => Math.Min(stream.Length, LargestHeader) - stream.Position;

    public uint UInt32() => BinaryPrimitives.ReadUInt32LittleEndian(Take(4));

    public ulong UInt64() => BinaryPrimitives.ReadUInt64LittleEndian(Take(8));

    /// <summary>A number of things that take at least <paramref name="size"/> bytes each.</summary>
    public int Count(string what, int size)
    {
        var count = UInt64();
        return count <= (ulong)(Left / size)
            ? (int)count
            : throw new FormatException($"has the {what} count {count}, which exceeds what the file can hold");
    }

    /// <summary>A name, which must be UTF-8.</summary>
    public string Name(string what)
    {
        var bytes = TextBytes(what);
        return Utf8.IsValid(bytes)
            ? Encoding.UTF8.GetString(bytes)
            : throw new FormatException($"has a {what} that is not UTF-8");
    }

    /// <summary>The type of the value of a key.</summary>
    public GgufValueType TypeOf(string key, string what = "value")
    {
        var number = UInt32();
        return Enum.IsDefined((GgufValueType)number)
            ? (GgufValueType)number
            : throw new FormatException($"has the unknown {what} type {number} of '{key}'");
    }

    /// <summary>The value of a key.</summary>
    public GgufValue Value(GgufValueType type, string key) => type switch
    {
        GgufValueType.Text => new GgufValue.Text(Encoding.UTF8.GetString(TextBytes("string"))),
        GgufValueType.List => List(key, depth: 1),
        _ => GgufValue.Number(type, Take(GgufValue.SizeOf(type))),
    };

    private GgufValue List(string key, int depth)
    {
        var item = TypeOf(key, "element");
        var size = GgufValue.SizeOf(item);
        var count = UInt64();
        if (count > (ulong)(Left / size))
        {
            throw new FormatException($"has an array of '{key}' with {count} elements, which exceeds the file");
        }

        if (item == GgufValueType.List && depth == DeepestList)
        {
            throw new FormatException($"has an array of '{key}' that is nested more than {DeepestList} deep");
        }

        return item switch
        {
            GgufValueType.Text =>
                new GgufValue.Texts(All((int)count, () => Encoding.UTF8.GetString(TextBytes("string")))),
            GgufValueType.List => new GgufValue.Lists(All((int)count, () => List(key, depth + 1))),
            _ => new GgufValue.Numbers(item, Bytes((int)count * size)),
        };
    }

    // In a loop of its own: a list that ends early is found before room is made for the rest of it.
    private static T[] All<T>(int count, Func<T> read)
    {
        var items = new List<T>(Math.Min(count, 1 << 16));
        for (var i = 0; i < count; i++)
        {
            items.Add(read());
        }

        return [.. items];
    }

    private byte[] TextBytes(string what)
    {
        var length = UInt64();
        return length <= (ulong)Left
            ? Bytes((int)length)
            : throw new FormatException($"has a {what} of length {length}, which exceeds the file");
    }

    private byte[] Bytes(int count)
    {
        var bytes = new byte[count];
        stream.ReadExactly(bytes);
        return bytes;
    }

    private ReadOnlySpan<byte> Take(int count)
    {
        if (Left < count)
        {
            throw new FormatException(stream.Length > LargestHeader
                ? $"has more than {LargestHeader} bytes of metadata"
                : $"ends inside the {Part}");
        }

        stream.ReadExactly(_number.AsSpan(0, count));
        return _number.AsSpan(0, count);
    }
}
