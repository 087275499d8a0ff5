using System.Buffers.Binary;
using System.Text;

namespace Hone.Text.Gguf;

/// <summary>The tokenizer's part of a GGUF file's metadata. Tensors are not looked at.</summary>
/// <remarks>
/// Layout, little endian: "GGUF", version, number of tensors, number of keys, then the keys: name, type of value,
/// value. A string is its length and its bytes; a list the type of its items, their number, and they.
/// </remarks>
internal sealed class GgufHeader
{
    private const uint Magic = 0x46554747;
    private const string Prefix = "tokenizer.";

    private readonly Dictionary<string, object> _values = new(StringComparer.Ordinal);

    /// <summary>Reads the keys that begin with <c>tokenizer.</c></summary>
    /// <exception cref="FormatException">The file is no GGUF file; the message says why.</exception>
    public GgufHeader(Stream stream)
    {
        var source = new Source(stream);
        if (source.UInt32() != Magic)
        {
            throw new FormatException("does not begin with GGUF");
        }

        if (source.UInt32() is var version and not (2 or 3))
        {
            throw new FormatException($"has the version {version}; known are 2 and 3");
        }

        source.UInt64();
        for (var left = source.UInt64(); left > 0; left--)
        {
            var name = source.Text();
            var type = (Kind)source.UInt32();
            if (name.StartsWith(Prefix, StringComparison.Ordinal))
            {
                _values[name[Prefix.Length..]] = source.Value(type);
            }
            else
            {
                source.Skip(type);
            }
        }
    }

    private enum Kind : uint
    {
        UInt8 = 0,
        Int8 = 1,
        UInt16 = 2,
        Int16 = 3,
        UInt32 = 4,
        Int32 = 5,
        Float32 = 6,
        Bool = 7,
        Text = 8,
        List = 9,
        UInt64 = 10,
        Int64 = 11,
        Float64 = 12,
    }

    /// <summary>The text called <paramref name="name"/>; null where it is absent.</summary>
    public string? Text(string name) => Find<string>(name, "text");

    /// <summary>The list of texts called <paramref name="name"/>; null where it is absent.</summary>
    public string[]? Texts(string name) => Find<string[]>(name, "a list of texts");

    /// <summary>The list of numbers called <paramref name="name"/>; null where it is absent.</summary>
    public double[]? Numbers(string name) => Find<double[]>(name, "a list of numbers");

    /// <summary>The whole number called <paramref name="name"/>; null where it is absent.</summary>
    public int? Int(string name) => _values.ContainsKey(name)
        ? checked((int)Math.Clamp(Number(name), int.MinValue, int.MaxValue))
        : null;

    /// <summary>The truth value called <paramref name="name"/>.</summary>
    public bool Bool(string name, bool otherwise) => _values.ContainsKey(name) ? Number(name) != 0 : otherwise;

    private double Number(string name) => _values[name] is double value
        ? value
        : throw new FormatException($"must have a number as {Prefix}{name}");

    private T? Find<T>(string name, string what)
        where T : class =>
        _values.TryGetValue(name, out var value)
            ? value as T ?? throw new FormatException($"must have {what} as {Prefix}{name}")
            : null;

    private sealed class Source(Stream stream)
    {
        private readonly byte[] _number = new byte[8];

        public uint UInt32() => BinaryPrimitives.ReadUInt32LittleEndian(Take(4));

        public ulong UInt64() => BinaryPrimitives.ReadUInt64LittleEndian(Take(8));

        public string Text()
        {
            var bytes = new byte[Room(UInt64(), 1)];
            stream.ReadExactly(bytes);
            return Encoding.UTF8.GetString(bytes);
        }

        public object Value(Kind kind)
        {
            if (kind == Kind.Text)
            {
                return Text();
            }

            if (kind != Kind.List)
            {
                return Number(kind);
            }

            var item = (Kind)UInt32();
            var count = Room(UInt64(), SizeOf(item));
            return item == Kind.Text
                ? Enumerable.Range(0, count).Select(_ => Text()).ToArray()
                : Enumerable.Range(0, count).Select(_ => Number(item)).ToArray();
        }

        public void Skip(Kind kind)
        {
            if (kind == Kind.Text)
            {
                stream.Seek(Room(UInt64(), 1), SeekOrigin.Current);
                return;
            }

            if (kind != Kind.List)
            {
                Take(SizeOf(kind));
                return;
            }

            var item = (Kind)UInt32();
            var count = Room(UInt64(), SizeOf(item));
            for (var index = 0; index < count; index++)
            {
                Skip(item);
            }
        }

        private double Number(Kind kind)
        {
            var bytes = Take(SizeOf(kind));
            return kind switch
            {
                Kind.UInt8 or Kind.Bool => bytes[0],
                Kind.Int8 => (sbyte)bytes[0],
                Kind.UInt16 => BinaryPrimitives.ReadUInt16LittleEndian(bytes),
                Kind.Int16 => BinaryPrimitives.ReadInt16LittleEndian(bytes),
                Kind.UInt32 => BinaryPrimitives.ReadUInt32LittleEndian(bytes),
                Kind.Int32 => BinaryPrimitives.ReadInt32LittleEndian(bytes),
                Kind.Float32 => BinaryPrimitives.ReadSingleLittleEndian(bytes),
                Kind.UInt64 => BinaryPrimitives.ReadUInt64LittleEndian(bytes),
                Kind.Int64 => BinaryPrimitives.ReadInt64LittleEndian(bytes),
                _ => BinaryPrimitives.ReadDoubleLittleEndian(bytes),
            };
        }

        private ReadOnlySpan<byte> Take(int count)
        {
            Room((ulong)count, 1);
            stream.ReadExactly(_number.AsSpan(0, count));
            return _number.AsSpan(0, count);
        }

        // A length that the rest of the file cannot hold is a fault, not an allocation.
        private int Room(ulong count, int size)
        {
            var left = (ulong)(stream.Length - stream.Position) / (ulong)size;
            return count <= left && count <= int.MaxValue
                ? (int)count
                : throw new FormatException(
                    $"needs {count} items of {size} bytes at byte {stream.Position}, but has room for {left}");
        }

        private static int SizeOf(Kind kind) => kind switch
        {
            Kind.UInt8 or Kind.Int8 or Kind.Bool => 1,
            Kind.UInt16 or Kind.Int16 => 2,
            Kind.UInt32 or Kind.Int32 or Kind.Float32 => 4,
            Kind.UInt64 or Kind.Int64 or Kind.Float64 or Kind.Text => 8,
            _ => throw new FormatException($"has a value of the type {(uint)kind}, which is not known"),
        };
    }
}
