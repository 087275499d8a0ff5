using System.IO.Compression;

namespace Hone.Data.Tests.Compression;

public sealed class GzipReaderTests
{
    private static byte[] Compress(byte[] bytes, CompressionLevel level = CompressionLevel.Optimal)
    {
        var target = new MemoryStream();
        using (var gzip = new GZipStream(target, level))
        {
            gzip.Write(bytes);
        }

        return target.ToArray();
    }

    private static byte[] Decompress(byte[] bytes)
    {
        var target = new MemoryStream();
        using var reader = new GzipReader(new MemoryStream(bytes), "a.gz");
        reader.CopyTo(target);
        return target.ToArray();
    }

    private static string Error(byte[] bytes) => Assert.Throws<DataException>(() => Decompress(bytes)).Message;

    [Fact]
    public void What_was_compressed_comes_back_at_every_level()
    {
        for (var seed = 0; seed < 18; seed++)
        {
            // From noise (stored blocks) over small alphabets (Huffman) to repetition (long matches), up to several
            // windows.
            var chance = new Random(seed);
            var bytes = new byte[chance.Next(0, 200_000)];
            var symbols = 1 << chance.Next(0, 9);
            for (var i = 0; i < bytes.Length; i++)
            {
                bytes[i] = i > 40_000 && seed % 3 == 0 ? bytes[i - 32_768] : (byte)chance.Next(symbols);
            }

            foreach (var level in Enum.GetValues<CompressionLevel>())
            {
                Assert.Equal(bytes, Decompress(Compress(bytes, level)));
            }
        }
    }

    [Fact]
    public void Members_follow_one_another_and_zero_padding_is_ignored() => Assert.Equal(
        "ab"u8.ToArray(), Decompress([.. Compress("a"u8.ToArray()), .. Compress([]), .. Compress("b"u8.ToArray()), 0,
            0, 0]));

    [Fact]
    public void Damage_is_said_in_words()
    {
        var good = Compress("some text, some text, some text"u8.ToArray());

        Assert.Equal("a.gz: these are not gzip data", Error("{\"text\": 1}"u8.ToArray()));
        Assert.Equal("a.gz: these are not gzip data; they look like zlib", Error([0x78, 0x9C, 1, 2]));
        Assert.Equal("a.gz: the bytes after the gzip data are not gzip", Error([.. good, 1, 2, 3]));
        Assert.Equal("a.gz: the bytes after the gzip data are not gzip", Error([.. good, 0, 0, 3]));
        Assert.Equal("a.gz: the gzip checksum does not match; the file is damaged",
            Error([.. good[..^8], (byte)~good[^8], .. good[^7..]]));
        Assert.Equal(
            "a.gz: the gzip length does not match; the file is damaged", Error([.. good[..^1], (byte)~good[^1]]));
    }

    [Fact]
    public void A_file_cut_anywhere_is_an_error()
    {
        var good = Compress("some text, some text, some text, and other words"u8.ToArray());
        for (var length = 2; length < good.Length; length++)
        {
            Assert.Equal("a.gz: the gzip data end early; the file was cut off", Error(good[..length]));
        }
    }

    [Fact]
    public void A_changed_bit_never_changes_what_is_read()
    {
        var text = Enumerable.Range(0, 2000).Select(i => (byte)("the quick brown fox"[i * i % 19])).ToArray();
        var good = Compress(text);
        for (var bit = 10 * 8; bit < good.Length * 8; bit++)
        {
            var bad = good.ToArray();
            bad[bit / 8] ^= (byte)(1 << (bit % 8));
            try
            {
                // only the unused bits of the last byte may change unnoticed
                Assert.Equal(text, Decompress(bad));
            }
            catch (DataException problem)
            {
                Assert.StartsWith("a.gz: the", problem.Message, StringComparison.Ordinal);
            }
        }
    }

    [Fact]
    public void Rows_are_read_through_it_by_suffix_or_by_content()
    {
        var bytes = Compress("{\"text\": \"a\"}\n"u8.ToArray());

        Assert.Single(Scratch.Rows("a.jsonl.gz", bytes));
        Assert.Single(Scratch.Rows("a.jsonl", bytes));
        Assert.Equal("a.jsonl.gz: these are not gzip data", Scratch.Error("a.jsonl.gz", "{\"text\": \"a\"}"));
    }
}
