using Hone.Cli.Writing;

namespace Hone.Cli.Tests.Writing;

public sealed class QuantityTests
{
    [Theory]
    [InlineData(0, "0 B")]
    [InlineData(1023, "1023 B")]
    [InlineData(1536, "1.5 KiB")]
    [InlineData(25276514304, "23.5 GiB")]
    public void Bytes_have_the_unit_that_keeps_them_short(long bytes, string text) =>
        Assert.Equal(text, Quantity.Bytes(bytes));

    [Theory]
    [InlineData(7.4, "0:07")]
    [InlineData(754, "12:34")]
    [InlineData(3723, "1:02:03")]
    [InlineData(360000, "100:00:00")]
    public void Durations_read_like_a_clock(double seconds, string text) =>
        Assert.Equal(text, Quantity.Duration(TimeSpan.FromSeconds(seconds)));

    [Theory]
    [InlineData(0, "0")]
    [InlineData(1.09384, "1.094")]
    [InlineData(-12.345, "-12.35")]
    [InlineData(123.45, "123.5")]
    [InlineData(4321.6, "4322")]
    [InlineData(0.73456, "0.7346")]
    [InlineData(0.0003, "0.0003")]
    [InlineData(0.0000125, "1.25e-5")]
    [InlineData(2500000, "2.5e6")]
    public void Metrics_show_about_four_digits(double value, string text) => Assert.Equal(text, Quantity.Metric(value));
}
