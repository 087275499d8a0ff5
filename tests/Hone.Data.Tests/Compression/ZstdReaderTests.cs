using System.Text;

namespace Hone.Data.Tests.Compression;

public sealed class ZstdReaderTests
{
    private static string Folder => Path.Combine(AppContext.BaseDirectory, "Fixtures", "zstd");

    private static byte[] Decompress(byte[] bytes)
    {
        var target = new MemoryStream();
        using var reader = new ZstdReader(new MemoryStream(bytes), "a.zst");
        reader.CopyTo(target);
        return target.ToArray();
    }

    private static string Error(byte[] bytes) => Assert.Throws<DataException>(() => Decompress(bytes)).Message;

    /// <summary>The text behind the fixtures: letters by a linear congruential generator, with repetitions near and
    /// far.</summary>
    private static byte[] Text()
    {
        var x = 1U;
        byte[] Words(int count) => [.. Enumerable.Range(0, count).Select(_ =>
        {
            x = ((x * 1103515245) + 12345) & 0x7FFFFFFF;
            return "etaoin shrdlu\n"u8[(int)((x >> 16) % 14)];
        })];

        var (first, second) = (Words(3000), Words(200));
        return [.. first, .. first[500..2500], .. second, .. Encoding.ASCII.GetBytes(new string('=', 300)), .. first,
            .. second];
    }

    [Fact]
    public void What_the_command_compressed_comes_back_at_every_level()
    {
        foreach (var file in Directory.GetFiles(Folder))
        {
            var expected = Path.GetFileName(file) == "one-stream.zst" ? Text()[..400] : Text();

            Assert.Equal(expected, Decompress(File.ReadAllBytes(file)));
        }
    }

    [Fact]
    public void Frames_follow_one_another_and_skippable_ones_are_skipped()
    {
        var frame = File.ReadAllBytes(Path.Combine(Folder, "one-stream.zst"));
        byte[] skippable = [0x5A, 0x2A, 0x4D, 0x18, 3, 0, 0, 0, 1, 2, 3];

        Assert.Equal(
            [.. Text()[..400], .. Text()[..400]], Decompress([.. skippable, .. frame, .. skippable, .. frame]));
    }

    [Fact]
    public void Raw_and_repeated_blocks_are_worked_by_hand()
    {
        // magic, descriptor 0x20 (one segment, size in one byte), size 5;
        // block header = last + 2·type + 8·size: raw "abc" (0 + 0 + 24), then "z" twice (1 + 2 + 16)
        Assert.Equal("abczz"u8.ToArray(),
            Decompress([0x28, 0xB5, 0x2F, 0xFD, 0x20, 5, 24, 0, 0, .. "abc"u8, 19, 0, 0, (byte)'z']));
        Assert.Equal("a.zst: the Zstandard data are damaged, or need a dictionary: a frame is smaller than it says",
            Error([0x28, 0xB5, 0x2F, 0xFD, 0x20, 6, 24, 0, 0, .. "abc"u8, 19, 0, 0, (byte)'z']));
        Assert.Equal("a.zst: the Zstandard data are damaged, or need a dictionary: a frame is larger than it says",
            Error([0x28, 0xB5, 0x2F, 0xFD, 0x20, 4, 24, 0, 0, .. "abc"u8, 19, 0, 0, (byte)'z']));
    }

    [Fact]
    public void Damage_is_said_in_words()
    {
        var good = File.ReadAllBytes(Path.Combine(Folder, "level-3.zst"));

        Assert.Equal("a.zst: these are not Zstandard data", Error("{\"text\": 1}"u8.ToArray()));
        Assert.Equal("a.zst: the bytes after the Zstandard data are not Zstandard", Error([.. good, 1, 2, 3, 4]));
        Assert.Equal("a.zst: the Zstandard checksum does not match; the file is damaged",
            Error([.. good[..^1], (byte)~good[^1]]));
        Assert.Equal("a.zst: the Zstandard data need a window of 2199023255552 bytes; the limit is 134217728",
            Error([0x28, 0xB5, 0x2F, 0xFD, 0, 0xF8, 1, 0, 0]));
        Assert.Equal("a.zst: the Zstandard data need the dictionary 7; compress them without one",
            Error([0x28, 0xB5, 0x2F, 0xFD, 1, 0, 7]));
    }

    [Fact]
    public void A_file_cut_anywhere_is_an_error()
    {
        var good = File.ReadAllBytes(Path.Combine(Folder, "level-19.zst"));
        for (var length = 4; length < good.Length; length += length < 40 ? 1 : 13)
        {
            Assert.StartsWith("a.zst: the Zstandard data", Error(good[..length]), StringComparison.Ordinal);
        }
    }

    [Fact]
    public void Changed_bytes_are_refused_in_words_and_never_harm()
    {
        foreach (var file in Directory.GetFiles(Folder))
        {
            var good = File.ReadAllBytes(file);
            var chance = new Random(1);
            for (var trial = 0; trial < 300; trial++)
            {
                var bad = good.ToArray();
                for (var i = chance.Next(1, 4); i > 0; i--)
                {
                    bad[chance.Next(4, bad.Length)] = (byte)chance.Next(256);
                }

                var problem = Record.Exception(() => Decompress(bad));
                Assert.True(problem is null or DataException, $"{problem}");
            }
        }
    }

    [Fact]
    public void Rows_are_read_through_it_by_suffix_or_by_content()
    {
        // one raw block in one segment: 14 bytes, header 1 + 8·14 = 113
        byte[] bytes = [0x28, 0xB5, 0x2F, 0xFD, 0x20, 14, 113, 0, 0, .. "{\"text\": \"a\"}\n"u8];

        Assert.Single(Scratch.Rows("a.jsonl.zst", bytes));
        Assert.Single(Scratch.Rows("a.jsonl", bytes));
    }
}
