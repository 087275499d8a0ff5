using System.Buffers.Binary;
using System.Numerics;
using System.Text.Json;

namespace Hone.Data;

/// <summary>Writes values of Arrow columns as what they mean: Columnar.rst of the format's specification.</summary>
internal static class ArrowWriter
{
    private const long MillisecondsADay = 86_400_000;
    private const int InlineLength = 12;

    /// <summary>Writes a value, or null.</summary>
    /// <exception cref="InvalidDataException">It lies outside of its buffers, or cannot mean what it
    /// should.</exception>
    public static void Write(Utf8JsonWriter writer, ArrowArray array, long index)
    {
        JsonScalars.CheckSize(writer);
        if (array.Field.Kind == ArrowKind.Null || !array.Has(index))
        {
            writer.WriteNullValue();
        }
        else if (array.Dictionary is { } parts)
        {
            WriteEntry(
                writer, parts, array.Integer(0, index, array.Field.Indices!.Width, array.Field.Indices.IsSigned));
        }
        else
        {
            WriteValue(writer, array, index);
        }
    }

    private static void WriteEntry(Utf8JsonWriter writer, IReadOnlyList<ArrowArray> parts, long entry)
    {
        foreach (var part in parts)
        {
            if (entry < part.Length)
            {
                Write(writer, part, entry);
                return;
            }

            entry -= part.Length;
        }

        throw new InvalidDataException("an index lies outside of its dictionary");
    }

    private static void WriteValue(Utf8JsonWriter writer, ArrowArray array, long index)
    {
        var field = array.Field;
        switch (field.Kind)
        {
            case ArrowKind.Bool:
                writer.WriteBooleanValue(array.Bit(0, index));
                break;
            case ArrowKind.Int or ArrowKind.Duration:
                WriteInteger(writer, array.Integer(0, index, field.Width, field.IsSigned), field);
                break;
            case ArrowKind.Real:
                JsonScalars.WriteReal(writer, Real(array.Fixed(0, index, field.Width)));
                break;
            case ArrowKind.Decimal:
                JsonScalars.WriteDecimal(writer, new BigInteger(array.Fixed(0, index, field.Width)), field.Digits);
                break;
            case ArrowKind.Date:
                var days = array.Integer(0, index, field.Width);
                JsonScalars.WriteDate(
                    writer, field.Width == 4 ? days : (long)Math.Floor(days / (double)MillisecondsADay));
                break;
            case ArrowKind.Time:
                JsonScalars.WriteTime(writer, array.Integer(0, index, field.Width), field.Digits);
                break;
            case ArrowKind.Timestamp:
                JsonScalars.WriteTimestamp(writer, array.Integer(0, index, 8), field.Digits, field.IsUtc);
                break;
            case ArrowKind.Text or ArrowKind.LargeText or ArrowKind.TextView:
                JsonScalars.WriteText(writer, Bytes(array, index));
                break;
            case ArrowKind.Binary or ArrowKind.LargeBinary or ArrowKind.BinaryView:
                JsonScalars.WriteBytes(writer, Bytes(array, index));
                break;
            case ArrowKind.FixedBinary:
                JsonScalars.WriteBytes(writer, array.Fixed(0, index, field.Width));
                break;
            case ArrowKind.Struct:
                WriteStruct(writer, array, index);
                break;
            case ArrowKind.RunEnds:
                Write(writer, array.Children[1], FindRun(array.Children[0], index));
                break;
            default:
                WriteList(writer, array, index);
                break;
        }
    }

    private static void WriteInteger(Utf8JsonWriter writer, long value, ArrowField field)
    {
        if (field is { Width: 8, IsSigned: false })
        {
            writer.WriteNumberValue((ulong)value);
        }
        else
        {
            writer.WriteNumberValue(value);
        }
    }

    private static double Real(ReadOnlySpan<byte> bytes) => bytes.Length switch
    {
        2 => (double)BinaryPrimitives.ReadHalfLittleEndian(bytes),
        4 => BinaryPrimitives.ReadSingleLittleEndian(bytes),
        _ => BinaryPrimitives.ReadDoubleLittleEndian(bytes),
    };

    private static ReadOnlySpan<byte> Bytes(ArrowArray array, long index)
    {
        if (array.Field.Kind is ArrowKind.TextView or ArrowKind.BinaryView)
        {
            // a view: the length, then the bytes themselves or four of them, which buffer, and where
            var view = array.Fixed(0, index, 16);
            var length = BinaryPrimitives.ReadInt32LittleEndian(view);
            return length is >= 0 and <= InlineLength
                ? view.Slice(4, length)
                : array.Bytes(
                    1 + Math.Clamp(BinaryPrimitives.ReadInt32LittleEndian(view[8..]), -1, int.MaxValue - 2),
                    BinaryPrimitives.ReadInt32LittleEndian(view[12..]),
                    length);
        }

        var width = array.Field.Kind is ArrowKind.LargeText or ArrowKind.LargeBinary ? 8 : 4;
        var (start, end) = (array.Integer(0, index, width), array.Integer(0, index + 1, width));
        return array.Bytes(1, start, end - start);
    }

    private static void WriteStruct(Utf8JsonWriter writer, ArrowArray array, long index)
    {
        writer.WriteStartObject();
        foreach (var child in array.Children)
        {
            writer.WritePropertyName(child.Field.Name);
            Write(writer, child, index);
        }

        writer.WriteEndObject();
    }

    /// <summary>The run that an index lies in: the first that ends behind it.</summary>
    private static long FindRun(ArrowArray ends, long index)
    {
        var (low, high) = (0L, ends.Length);
        while (low < high)
        {
            var middle = (low + high) / 2;
            (low, high) = ends.Integer(0, middle, ends.Field.Width) > index ? (low, middle) : (middle + 1, high);
        }

        return low;
    }

    private static void WriteList(Utf8JsonWriter writer, ArrowArray array, long index)
    {
        var width = array.Field.Kind is ArrowKind.LargeList or ArrowKind.LargeListView ? 8 : 4;
        var (start, count) = array.Field.Kind switch
        {
            ArrowKind.FixedList => (index * array.Field.Width, array.Field.Width),
            ArrowKind.ListView or ArrowKind.LargeListView =>
                (array.Integer(0, index, width), array.Integer(1, index, width)),
            _ => (array.Integer(0, index, width), array.Integer(0, index + 1, width) - array.Integer(0, index, width)),
        };
        writer.WriteStartArray();
        for (var i = 0L; i < count; i++)
        {
            if (array.Field.Kind == ArrowKind.Map)
            {
                WritePair(writer, array.Children[0], start + i);
            }
            else
            {
                Write(writer, array.Children[0], start + i);
            }
        }

        writer.WriteEndArray();
    }

    private static void WritePair(Utf8JsonWriter writer, ArrowArray entries, long index)
    {
        writer.WriteStartArray();
        Write(writer, entries.Children[0], index);
        Write(writer, entries.Children[1], index);
        writer.WriteEndArray();
    }
}
