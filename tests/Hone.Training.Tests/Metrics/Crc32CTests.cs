using System.Text;
using Hone.Training.Metrics;

namespace Hone.Training.Tests.Metrics;

public sealed class Crc32CTests
{
    [Theory]
    [InlineData("", 0u)]
    [InlineData("a", 0xC1D04330)]
    [InlineData("abc", 0x364B3FB7)]
    [InlineData("123456789", 0xE3069283)] // the check value of the catalogue of CRCs
    public void Known_texts_have_their_known_checksums(string text, uint crc) =>
        Assert.Equal(crc, Crc32C.Of(Encoding.ASCII.GetBytes(text)));

    [Fact]
    public void Zeros_of_RFC_3720_have_their_checksum() =>
        Assert.Equal(0x8A9136AAu, Crc32C.Of(new byte[32])); // appendix B.4

    [Fact]
    public void Masked_checksums_are_rotated_and_shifted()
    {
        // 0 rotated is 0; plus 0xA282EAD8 = 2726488792. 0xC1D04330 rotated right by 15: 0x866183A0, plus 0xA282EAD8 =
        // 0x28E46E78.
        Assert.Equal(0xA282EAD8, Crc32C.Masked([]));
        Assert.Equal(0x28E46E78u, Crc32C.Masked("a"u8));
    }
}
