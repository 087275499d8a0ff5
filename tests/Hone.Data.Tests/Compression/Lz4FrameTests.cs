namespace Hone.Data.Tests.Compression;

public sealed class Lz4FrameTests
{
    /// <summary>Magic, flags (version 1), block size, header checksum (passed over).</summary>
    private static readonly byte[] Head = [0x04, 0x22, 0x4D, 0x18, 0x60, 0x40, 0x82];

    [Fact]
    public void Blocks_are_compressed_or_raw_and_may_refer_to_those_before()
    {
        // a raw block "abc" (high bit of its size), then a compressed one: a match of 4 from 3 back and no literals
        // before it, and a last token of one literal
        byte[] frame = [.. Head, 3, 0, 0, 0x80, .. "abc"u8, 5, 0, 0, 0, 0x00, 3, 0, 0x10, (byte)'x', 0, 0, 0, 0];

        Assert.Equal("abcabcax"u8.ToArray(), Lz4Frame.Decompress(frame, 8));
        Assert.Throws<InvalidDataException>(() => Lz4Frame.Decompress(frame, 7));
        Assert.Throws<InvalidDataException>(() => Lz4Frame.Decompress(frame, 9));
    }

    [Fact]
    public void A_frame_cut_anywhere_is_refused()
    {
        byte[] frame = [.. Head, 3, 0, 0, 0x80, .. "abc"u8, 0, 0, 0, 0];
        for (var length = 0; length < frame.Length; length++)
        {
            Assert.Throws<InvalidDataException>(() => Lz4Frame.Decompress(frame.AsSpan(0, length), 3));
        }
    }
}
