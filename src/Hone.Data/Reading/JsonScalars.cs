using System.Globalization;
using System.Numerics;
using System.Text.Json;
using System.Text.Unicode;

namespace Hone.Data;

/// <summary>How values that JSON does not have are written: dates and times as ISO 8601, decimals as text, bytes as
/// <c>{"hex": "…"}</c>, NaN and infinities as text.</summary>
internal static class JsonScalars
{
    private const long LargestRow = 256L * 1024 * 1024;
    private const long SecondsADay = 86_400;
    private const long FirstDay = -719_162;
    private const long LastDay = 2_932_896;

    /// <summary>Holds that a row does not grow beyond all bounds, as a damaged file of few bytes can ask for.</summary>
    /// <exception cref="InvalidDataException">It does.</exception>
    public static void CheckSize(Utf8JsonWriter writer)
    {
        if (writer.BytesCommitted + writer.BytesPending > LargestRow)
        {
            throw new InvalidDataException($"a row must not become larger than {LargestRow} bytes");
        }
    }

    /// <summary>Writes text.</summary>
    /// <exception cref="InvalidDataException">It is not UTF-8.</exception>
    public static void WriteText(Utf8JsonWriter writer, ReadOnlySpan<byte> utf8)
    {
        if (!Utf8.IsValid(utf8))
        {
            throw new InvalidDataException("a text is not UTF-8");
        }

        writer.WriteStringValue(utf8);
    }

    /// <summary>Writes bytes.</summary>
    public static void WriteBytes(Utf8JsonWriter writer, ReadOnlySpan<byte> bytes)
    {
        writer.WriteStartObject();
        writer.WriteString("hex"u8, Convert.ToHexStringLower(bytes));
        writer.WriteEndObject();
    }

    /// <summary>Writes a floating-point number.</summary>
    public static void WriteReal(Utf8JsonWriter writer, double value)
    {
        if (double.IsFinite(value))
        {
            writer.WriteNumberValue(value);
        }
        else
        {
            writer.WriteStringValue(double.IsNaN(value) ? "NaN"u8 : value > 0 ? "Infinity"u8 : "-Infinity"u8);
        }
    }

    /// <summary>Writes a decimal, <paramref name="unscaled"/> · 10^−<paramref name="scale"/>, as "General Decimal
    /// Arithmetic" does (to-scientific-string): with an exponent when it is below 10^−6.</summary>
    public static void WriteDecimal(Utf8JsonWriter writer, BigInteger unscaled, int scale)
    {
        if (scale is < 0 or > 1000)
        {
            throw new InvalidDataException($"a decimal must have 0 to 1000 digits after the point, got {scale}");
        }

        var digits = BigInteger.Abs(unscaled).ToString(CultureInfo.InvariantCulture);
        var sign = unscaled.Sign < 0 ? "-" : "";
        var exponent = digits.Length - 1 - scale;
        if (exponent < -6)
        {
            var rest = digits.Length == 1 ? "" : $".{digits[1..]}";
            writer.WriteStringValue($"{sign}{digits[0]}{rest}E{exponent.ToString(CultureInfo.InvariantCulture)}");
            return;
        }

        digits = digits.PadLeft(scale + 1, '0');
        writer.WriteStringValue(scale == 0 ? $"{sign}{digits}" : $"{sign}{digits[..^scale]}.{digits[^scale..]}");
    }

    /// <summary>Writes a day.</summary>
    /// <param name="writer">Where to.</param>
    /// <param name="days">Days since 1970-01-01.</param>
    public static void WriteDate(Utf8JsonWriter writer, long days) => writer.WriteStringValue(Date(days));

    /// <summary>Writes a time of day.</summary>
    /// <param name="writer">Where to.</param>
    /// <param name="value">Since midnight, in units of 10^−<paramref name="digits"/> seconds.</param>
    /// <param name="digits">Digits after the second.</param>
    public static void WriteTime(Utf8JsonWriter writer, long value, int digits) =>
        writer.WriteStringValue(Time(value, digits));

    /// <summary>Writes a moment.</summary>
    /// <param name="writer">Where to.</param>
    /// <param name="value">Since 1970, in units of 10^−<paramref name="digits"/> seconds.</param>
    /// <param name="digits">Digits after the second: 0, 3, 6 or 9.</param>
    /// <param name="isUtc">Whether it is in UTC.</param>
    public static void WriteTimestamp(Utf8JsonWriter writer, long value, int digits, bool isUtc)
    {
        var aDay = SecondsADay * PowerOfTen(digits);
        var days = value / aDay;
        var rest = value % aDay;
        (days, rest) = rest < 0 ? (days - 1, rest + aDay) : (days, rest);
        WriteMoment(writer, days, rest, digits, isUtc);
    }

    /// <summary>Writes a moment.</summary>
    /// <param name="writer">Where to.</param>
    /// <param name="days">Days since 1970-01-01.</param>
    /// <param name="rest">Since midnight, in units of 10^−<paramref name="digits"/> seconds.</param>
    /// <param name="digits">Digits after the second.</param>
    /// <param name="isUtc">Whether it is in UTC.</param>
    public static void WriteMoment(Utf8JsonWriter writer, long days, long rest, int digits, bool isUtc) =>
        writer.WriteStringValue($"{Date(days)}T{Time(rest, digits)}{(isUtc ? "Z" : "")}");

    private static long PowerOfTen(int digits) => digits switch
    {
        0 => 1,
        3 => 1_000,
        6 => 1_000_000,
        9 => 1_000_000_000,
        _ => throw new InvalidDataException(
            $"a time must count seconds, milli-, micro- or nanoseconds, got 10^-{digits}"),
    };

    private static string Date(long days) => days is >= FirstDay and <= LastDay
        ? DateOnly.FromDayNumber((int)(days - FirstDay)).ToString("yyyy-MM-dd", CultureInfo.InvariantCulture)
        : throw new InvalidDataException($"a date must lie in the years 1 to 9999, got {days} days since 1970");

    private static string Time(long value, int digits)
    {
        var (seconds, fraction) = Math.DivRem(value, PowerOfTen(digits));
        if (value < 0 || seconds > SecondsADay)
        {
            throw new InvalidDataException($"a time must lie within a day, got {seconds} seconds");
        }

        var clock = string.Create(
            CultureInfo.InvariantCulture, $"{seconds / 3600:D2}:{seconds / 60 % 60:D2}:{seconds % 60:D2}");
        return digits == 0 ? clock : $"{clock}.{fraction.ToString($"D{digits}", CultureInfo.InvariantCulture)}";
    }
}
