using System.Buffers;
using System.Globalization;
using System.Numerics;
using System.Text;
using System.Text.Json;

namespace Hone.Data.Tests.Reading;

public sealed class JsonScalarsTests
{
    private static string Written(Action<Utf8JsonWriter> write)
    {
        var bytes = new ArrayBufferWriter<byte>();
        using (var writer = new Utf8JsonWriter(bytes))
        {
            write(writer);
        }

        return Encoding.UTF8.GetString(bytes.WrittenSpan).Trim('"');
    }

    [Theory]
    [InlineData("12345", 2, "123.45")]
    [InlineData("-5", 2, "-0.05")]
    [InlineData("0", 2, "0.00")]
    [InlineData("7", 0, "7")]
    [InlineData("-1", 10, "-1E-10")]
    [InlineData("123", 10, "1.23E-8")]
    [InlineData("1", 6, "0.000001")]
    public void Decimals_keep_every_digit(string unscaled, int scale, string text) =>
        Assert.Equal(text,
            Written(writer => JsonScalars.WriteDecimal(
                writer, BigInteger.Parse(unscaled, CultureInfo.InvariantCulture), scale)));

    [Theory]
    [InlineData(0, "1970-01-01")]
    [InlineData(-1, "1969-12-31")]
    [InlineData(-719162, "0001-01-01")]
    [InlineData(2932896, "9999-12-31")]
    public void Days_count_from_1970(long days, string text) =>
        Assert.Equal(text, Written(writer => JsonScalars.WriteDate(writer, days)));

    [Theory]
    [InlineData(-1, 3, false, "1969-12-31T23:59:59.999")]
    [InlineData(0, 0, true, "1970-01-01T00:00:00Z")]
    [InlineData(1, 9, false, "1970-01-01T00:00:00.000000001")]
    [InlineData(86_400_000_000, 6, true, "1970-01-02T00:00:00.000000Z")]
    public void Moments_have_as_many_digits_as_their_unit(long value, int digits, bool isUtc, string text) =>
        Assert.Equal(text, Written(writer => JsonScalars.WriteTimestamp(writer, value, digits, isUtc)));

    [Fact]
    public void What_lies_outside_the_calendar_is_refused()
    {
        Assert.Equal("a date must lie in the years 1 to 9999, got 2932897 days since 1970",
            Assert.Throws<InvalidDataException>(() => Written(writer => JsonScalars.WriteDate(
                writer, 2932897))).Message);
        Assert.Equal("a time must lie within a day, got 90000 seconds",
            Assert.Throws<InvalidDataException>(() => Written(writer => JsonScalars.WriteTime(
                writer, 90000, 0))).Message);
    }

    [Fact]
    public void Numbers_that_json_lacks_are_text()
    {
        Assert.Equal("NaN", Written(writer => JsonScalars.WriteReal(writer, double.NaN)));
        Assert.Equal("-Infinity", Written(writer => JsonScalars.WriteReal(writer, double.NegativeInfinity)));
        Assert.Equal("0.10000000149011612", Written(writer => JsonScalars.WriteReal(writer, 0.1f)));
    }
}
