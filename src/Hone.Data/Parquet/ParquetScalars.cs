using System.Buffers.Binary;
using System.Numerics;
using System.Text.Json;

namespace Hone.Data;

/// <summary>Writes stored values as what they mean.</summary>
internal static class ParquetScalars
{
    private const long JulianDayOf1970 = 2_440_588;

    /// <summary>Writes a value.</summary>
    /// <exception cref="InvalidDataException">It cannot mean what it should.</exception>
    public static void Write(Utf8JsonWriter writer, SchemaElement element, ParquetValue value)
    {
        var logical = element.Logical;
        var bytes = value.Bytes.Span;
        switch (element.Type, logical.Meaning)
        {
            case (PhysicalType.Boolean, _):
                writer.WriteBooleanValue(value.Bits != 0);
                break;
            case (PhysicalType.Float, _):
                JsonScalars.WriteReal(writer, BitConverter.Int32BitsToSingle((int)value.Bits));
                break;
            case (PhysicalType.Double, _):
                JsonScalars.WriteReal(writer, BitConverter.Int64BitsToDouble(value.Bits));
                break;
            case (PhysicalType.Int96, _):
                var day = BinaryPrimitives.ReadInt32LittleEndian(bytes[8..]) - JulianDayOf1970;
                JsonScalars.WriteMoment(writer, day, BinaryPrimitives.ReadInt64LittleEndian(bytes), 9, isUtc: false);
                break;
            case (PhysicalType.Int32 or PhysicalType.Int64, _):
                WriteInteger(writer, element.Type.Value, logical, value.Bits);
                break;
            case (_, Meaning.Text):
                JsonScalars.WriteText(writer, bytes);
                break;
            case (_, Meaning.Decimal):
                JsonScalars.WriteDecimal(writer, new BigInteger(bytes, isBigEndian: true), logical.Digits);
                break;
            case (_, Meaning.Float16) when bytes.Length == 2:
                JsonScalars.WriteReal(writer, (double)BinaryPrimitives.ReadHalfLittleEndian(bytes));
                break;
            case (_, Meaning.Uuid) when bytes.Length == 16:
                writer.WriteStringValue(new Guid(bytes, bigEndian: true));
                break;
            default:
                JsonScalars.WriteBytes(writer, bytes);
                break;
        }
    }

    private static void WriteInteger(Utf8JsonWriter writer, PhysicalType type, LogicalType logical, long value)
    {
        switch (logical.Meaning)
        {
            case Meaning.Decimal:
                JsonScalars.WriteDecimal(writer, value, logical.Digits);
                break;
            case Meaning.Date:
                JsonScalars.WriteDate(writer, value);
                break;
            case Meaning.Time:
                JsonScalars.WriteTime(writer, value, logical.Digits);
                break;
            case Meaning.Timestamp:
                JsonScalars.WriteTimestamp(writer, value, logical.Digits, logical.IsUtc);
                break;
            case Meaning.Unsigned:
                writer.WriteNumberValue(type == PhysicalType.Int32 ? (uint)value : (ulong)value);
                break;
            default:
                writer.WriteNumberValue(value);
                break;
        }
    }
}
