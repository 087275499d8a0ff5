namespace Hone.Data.Tests.Parquet;

public sealed class DeltaReaderTests
{
    [Fact]
    public void Values_are_sums_of_packed_differences()
    {
        // The example of the format's specification: 7 5 3 1 2 3 4 5. Block of 128 in 4 miniblocks, 8 values, first 7
        // (zigzag 14); least difference −2 (zigzag 3); differences − least = 0 0 0 3 3 3 3 in 2 bits:
        // 0b11000000 = 192 (three zeros, then 3), 0b00111111 = 63; 32 values fill 8 bytes.
        byte[] bytes = [128, 1, 4, 8, 14, 3, 2, 0, 0, 0, 192, 63, 0, 0, 0, 0, 0, 0, 9];
        var reader = new DeltaReader(bytes);

        Assert.Equal(8, reader.Count);
        Assert.Equal([7L, 5, 3, 1, 2, 3, 4, 5], Enumerable.Range(0, 8).Select(_ => reader.Next()));
        Assert.Equal(18, DeltaReader.LengthOf(bytes));
        Assert.Equal("delta values are cut off", Assert.Throws<InvalidDataException>(() => reader.Next()).Message);
    }

    [Fact]
    public void One_value_has_no_blocks()
    {
        byte[] bytes = [128, 1, 4, 1, 13, 7, 7];

        Assert.Equal(-7, new DeltaReader(bytes).Next());
        Assert.Equal(5, DeltaReader.LengthOf(bytes));
    }

    [Theory]
    [InlineData(new byte[] { 0, 4, 8, 14 })] // no values in a block
    [InlineData(new byte[] { 128, 1, 0, 8, 14 })] // no miniblocks
    [InlineData(new byte[] { 128, 1, 3, 8, 14 })] // 128 is not divisible by 3
    public void Blocks_that_make_no_sense_are_refused(byte[] bytes) =>
        Assert.Equal(
            "delta blocks are malformed", Assert.Throws<InvalidDataException>(() => new DeltaReader(bytes)).Message);
}
