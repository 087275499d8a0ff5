namespace Hone.Torch.Tests;

public sealed class ProcessorTests
{
    [Theory]
    [InlineData(false, false, DType.Float32)]
    [InlineData(true, false, DType.BFloat16)]
    [InlineData(true, true, DType.BFloat16)]
    public void Products_are_in_bf16_only_where_the_processor_multiplies_it(
        bool avx512BFloat16, bool amx, DType expected) =>
        Assert.Equal(expected, new Processor(2, true, true, true, avx512BFloat16, amx).FastestComputeDType);

    [Fact]
    public void Features_are_named() =>
        Assert.Equal("avx2 avx512 avx512_vnni", new Processor(2, true, true, true, false, false).ToString());
}
