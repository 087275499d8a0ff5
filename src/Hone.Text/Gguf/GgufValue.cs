using System.Buffers.Binary;

namespace Hone.Text.Gguf;

/// <summary>A value of a GGUF file's metadata.</summary>
public abstract record GgufValue
{
    private GgufValue()
    {
    }

    /// <summary>A whole number, or a truth value as 0 or 1.</summary>
    /// <param name="Type">Its type in the file.</param>
    /// <param name="Value">The number.</param>
    public sealed record Whole(GgufValueType Type, Int128 Value) : GgufValue;

    /// <summary>A number with a fraction.</summary>
    /// <param name="Type">Its type in the file.</param>
    /// <param name="Value">The number.</param>
    public sealed record Real(GgufValueType Type, double Value) : GgufValue;

    /// <summary>A text.</summary>
    /// <param name="Value">The text; bytes that are no UTF-8 count as U+FFFD.</param>
    public sealed record Text(string Value) : GgufValue;

    /// <summary>A list of texts.</summary>
    /// <param name="Values">The texts.</param>
    public sealed record Texts(string[] Values) : GgufValue;

    /// <summary>A list of numbers or truth values, kept as the bytes of the file.</summary>
    /// <param name="Item">The type of each.</param>
    /// <param name="Bytes">The bytes, little endian.</param>
    public sealed record Numbers(GgufValueType Item, byte[] Bytes) : GgufValue
    {
        /// <summary>The numbers; those beyond 2⁵³ lose their last digits.</summary>
        public double[] Values
        {
            get
            {
                var size = SizeOf(Item);
                var values = new double[Bytes.Length / size];
                for (var i = 0; i < values.Length; i++)
                {
                    values[i] = Number(Item, Bytes.AsSpan(i * size, size)) switch
                    {
                        Whole whole => (double)whole.Value,
                        Real real => real.Value,
                        _ => throw new InvalidOperationException($"{Item} is no number"),
                    };
                }

                return values;
            }
        }
    }

    /// <summary>A list of lists.</summary>
    /// <param name="Values">The lists.</param>
    public sealed record Lists(GgufValue[] Values) : GgufValue;

    /// <summary>Bytes that a value of the type takes at least.</summary>
    internal static int SizeOf(GgufValueType type) => type switch
    {
        GgufValueType.UInt8 or GgufValueType.Int8 or GgufValueType.Bool => 1,
        GgufValueType.UInt16 or GgufValueType.Int16 => 2,
        GgufValueType.UInt32 or GgufValueType.Int32 or GgufValueType.Float32 => 4,
        GgufValueType.UInt64 or GgufValueType.Int64 or GgufValueType.Float64 or GgufValueType.Text => 8,
        GgufValueType.List => 12,
        _ => throw new ArgumentOutOfRangeException(nameof(type), type, "no such type in GGUF"),
    };

    /// <summary>The number that the bytes of the file stand for.</summary>
    internal static GgufValue Number(GgufValueType type, ReadOnlySpan<byte> bytes) => type switch
    {
        GgufValueType.Float32 => new Real(type, BinaryPrimitives.ReadSingleLittleEndian(bytes)),
        GgufValueType.Float64 => new Real(type, BinaryPrimitives.ReadDoubleLittleEndian(bytes)),
        _ => new Whole(type, type switch
        {
            GgufValueType.UInt8 => bytes[0],
            GgufValueType.Bool => bytes[0] == 0 ? 0 : 1,
            GgufValueType.Int8 => (sbyte)bytes[0],
            GgufValueType.UInt16 => BinaryPrimitives.ReadUInt16LittleEndian(bytes),
            GgufValueType.Int16 => BinaryPrimitives.ReadInt16LittleEndian(bytes),
            GgufValueType.UInt32 => BinaryPrimitives.ReadUInt32LittleEndian(bytes),
            GgufValueType.Int32 => BinaryPrimitives.ReadInt32LittleEndian(bytes),
            GgufValueType.UInt64 => BinaryPrimitives.ReadUInt64LittleEndian(bytes),
            GgufValueType.Int64 => BinaryPrimitives.ReadInt64LittleEndian(bytes),
            _ => throw new ArgumentOutOfRangeException(nameof(type), type, "no number in GGUF"),
        }),
    };
}
