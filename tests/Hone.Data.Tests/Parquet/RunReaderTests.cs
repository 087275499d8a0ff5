namespace Hone.Data.Tests.Parquet;

public sealed class RunReaderTests
{
    [Fact]
    public void Runs_and_packed_groups_follow_each_other()
    {
        // run of 3 (header 3·2) of the value 5; then one group of 8 packed in 3 bits (header 1·2 + 1): 0 1 2 3 4 5 6 7
        // as in the format's specification: 0b10001000 0b11000110 0b11111010
        var runs = new RunReader(new byte[] { 6, 5, 3, 0b10001000, 0b11000110, 0b11111010 }, width: 3);

        Assert.Equal([5, 5, 5, 0, 1, 2, 3, 4, 5, 6, 7], Enumerable.Range(0, 11).Select(_ => runs.Next()));
        Assert.Throws<InvalidDataException>(() => runs.Next());
    }

    [Fact]
    public void Values_of_no_bits_are_zero()
    {
        var runs = new RunReader(new byte[] { 20 }, width: 0);

        Assert.All(Enumerable.Range(0, 10), _ => Assert.Equal(0, runs.Next()));
    }

    [Fact]
    public void Wide_values_take_whole_bytes_in_runs() =>
        Assert.Equal(0x1234, new RunReader(new byte[] { 2, 0x34, 0x12 }, width: 13).Next());
}
