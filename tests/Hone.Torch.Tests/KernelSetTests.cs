namespace Hone.Torch.Tests;

public sealed class KernelSetTests
{
    [Theory]
    [InlineData(0, "portable")]
    [InlineData(1, "avx2")]
    [InlineData(2, "avx512")]
    [InlineData(3, "avx512_vnni")]
    [InlineData(4, "avx512_bf16")]
    [InlineData(5, "amx")]
    [InlineData(6, "modelled_amx")]
    public void The_set_in_use_is_named(int isa, string name) => FusedAgreement.On(isa, () =>
    {
        var kernels = KernelSet.Load();

        Assert.Equal(name, kernels.Name);
        Assert.Equal(Processor.Detect().AmxBFloat16 && name != "amx", kernels.WithoutAmx.Length > 0);
    });

    [Fact]
    public void A_set_that_there_is_not_is_refused() =>
        Assert.Equal(
            "hone::use_isa: must be at most 6, got 7",
            Assert.Throws<TorchException>(() => Operator.Find("hone::use_isa").Run(7L)).Message);
}
