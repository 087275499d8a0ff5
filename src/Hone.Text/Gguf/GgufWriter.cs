using System.Buffers.Binary;
using System.Text;

namespace Hone.Text.Gguf;

/// <summary>Writes GGUF files, version 3, little endian.</summary>
public static class GgufWriter
{
    private const int Alignment = 32;
    private const int Version = 3;

    /// <summary>Writes a whole file.</summary>
    /// <param name="stream">Where to.</param>
    /// <param name="metadata">The keys; all but <c>general.alignment</c>, which stays the usual 32.</param>
    /// <param name="tensors">Name, type and dimensions (rows before columns) of each tensor, in the order of the
    /// data.</param>
    /// <param name="data">Writes the blocks of the tensor of a number; exactly as many bytes as its type and shape
    /// ask for.</param>
    public static void Write(
        Stream stream, IReadOnlyDictionary<string, GgufValue> metadata,
        IReadOnlyList<(string Name, GgmlType Type, long[] Shape)> tensors,
        Action<int> data)
    {
        var start = stream.Position;
        using var writer = new BinaryWriter(stream, Encoding.UTF8, leaveOpen: true);
        writer.Write("GGUF"u8);
        writer.Write(Version);
        writer.Write((long)tensors.Count);
        writer.Write((long)metadata.Count);
        foreach (var (key, value) in metadata)
        {
            WriteText(writer, key);
            writer.Write((uint)TypeOf(value));
            WriteValue(writer, value);
        }

        var offset = 0L;
        foreach (var (name, type, shape) in tensors)
        {
            WriteText(writer, name);
            writer.Write(shape.Length);
            foreach (var size in shape.Reverse())
            {
                writer.Write(size);
            }

            writer.Write((uint)type);
            writer.Write(offset);
            offset += Padded(BytesOf(type, shape));
        }

        for (var i = 0; i < tensors.Count; i++)
        {
            Pad(writer, stream.Position - start);
            data(i);
        }

        Pad(writer, stream.Position - start);
    }

    /// <summary>Bytes of a tensor.</summary>
    /// <param name="type">Its type.</param>
    /// <param name="shape">Its dimensions.</param>
    public static long BytesOf(GgmlType type, long[] shape) =>
        shape.Aggregate(1L, (count, size) => count * size) / type.BlockSize() * type.BlockBytes();

    private static long Padded(long bytes) => (bytes + Alignment - 1) / Alignment * Alignment;

    private static void Pad(BinaryWriter writer, long position) => writer.Write(new byte[Padded(position) - position]);

    private static GgufValueType TypeOf(GgufValue value) => value switch
    {
        GgufValue.Whole whole => whole.Type,
        GgufValue.Real real => real.Type,
        GgufValue.Text => GgufValueType.Text,
        _ => GgufValueType.List,
    };

    private static void WriteValue(BinaryWriter writer, GgufValue value)
    {
        switch (value)
        {
            case GgufValue.Whole whole:
                Span<byte> bytes = stackalloc byte[16];
                BinaryPrimitives.WriteInt128LittleEndian(bytes, whole.Value);
                writer.Write(bytes[..GgufValue.SizeOf(whole.Type)]);
                break;
            case GgufValue.Real { Type: GgufValueType.Float32 } real:
                writer.Write((float)real.Value);
                break;
            case GgufValue.Real real:
                writer.Write(real.Value);
                break;
            case GgufValue.Text text:
                WriteText(writer, text.Value);
                break;
            case GgufValue.Texts texts:
                WriteStart(writer, GgufValueType.Text, texts.Values.Length);
                Array.ForEach(texts.Values, text => WriteText(writer, text));
                break;
            case GgufValue.Numbers numbers:
                WriteStart(writer, numbers.Item, numbers.Bytes.Length / GgufValue.SizeOf(numbers.Item));
                writer.Write(numbers.Bytes);
                break;
            case GgufValue.Lists lists:
                WriteStart(writer, GgufValueType.List, lists.Values.Length);
                Array.ForEach(lists.Values, list => WriteValue(writer, list));
                break;
            default:
                throw new ArgumentOutOfRangeException(nameof(value), value, "no such value in GGUF");
        }
    }

    private static void WriteStart(BinaryWriter writer, GgufValueType item, long count)
    {
        writer.Write((uint)item);
        writer.Write(count);
    }

    private static void WriteText(BinaryWriter writer, string text)
    {
        var bytes = Encoding.UTF8.GetBytes(text);
        writer.Write((long)bytes.Length);
        writer.Write(bytes);
    }
}
