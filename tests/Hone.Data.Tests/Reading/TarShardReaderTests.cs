using System.Formats.Tar;
using System.Text;

namespace Hone.Data.Tests.Reading;

public sealed class TarShardReaderTests
{
    private static byte[] Tar(params (string Name, string Content)[] members)
    {
        var target = new MemoryStream();
        using (var writer = new TarWriter(target, TarEntryFormat.Pax))
        {
            foreach (var (name, content) in members)
            {
                writer.WriteEntry(new PaxTarEntry(
                    TarEntryType.RegularFile, name)
                { DataStream = new MemoryStream(Encoding.UTF8.GetBytes(content)) });
            }
        }

        return target.ToArray();
    }

    [Fact]
    public void Neighbours_of_one_key_make_a_row() => Assert.Equal(
        ["""{"__key__":"a/0","txt":"é","json":{"label":1},"cls":7}""",
            """{"__key__":"a/1","txt":"b","meta.json":[1]}""", """{"__key__":"a/0","txt":"c"}"""],
        Scratch.Records("a.tar", Tar(
            ("a/0.txt", "é"), ("a/0.json", "{\"label\":1}"), ("a/0.cls", "7"), ("a/1.TXT", "b"), ("a/1.meta.json",
                "[1]"), ("a/0.txt", "c"))));

    [Fact]
    public void Hidden_members_and_those_without_a_suffix_are_skipped() => Assert.Equal(
        ["""{"__key__":"x","txt":"1"}"""],
        Scratch.Records("a.tar",
            Tar(("._junk", "?"), ("__meta__/info.json", "{"), (".hidden.txt", "?"), ("noext", "?"), ("x.txt", "1"))));

    [Fact]
    public void Text_in_shards_is_a_row_like_any_other()
    {
        var rows = Scratch.Rows("a.tar", Tar(("0.txt", "a"), ("1.txt", "b")),
            Scratch.Options with { Columns = new Dictionary<string, string> { ["text"] = "txt" } });

        Assert.Equal(["a", "b"], rows.Select(row => ((TextRow)row).Text));
        Assert.Equal([1, 2], rows.Select(row => row.At.Line));
    }

    [Theory]
    [InlineData(TarEntryFormat.Pax)]
    [InlineData(TarEntryFormat.Gnu)]
    public void Long_names_are_whole(TarEntryFormat format)
    {
        var name = $"{new string('d', 120)}/{new string('é', 60)}";
        var target = new MemoryStream();
        using (var writer = new TarWriter(target, format))
        {
            TarEntry entry = format == TarEntryFormat.Pax
                ? new PaxTarEntry(TarEntryType.RegularFile, $"{name}.txt")
                : new GnuTarEntry(TarEntryType.RegularFile, $"{name}.txt");
            entry.DataStream = new MemoryStream("x"u8.ToArray());
            writer.WriteEntry(entry);
        }

        Assert.Equal([$$"""{"__key__":"{{name}}","txt":"x"}"""], Scratch.Records("a.tar", target.ToArray()));
    }

    [Fact]
    public void Damage_is_said_in_words()
    {
        var good = Tar(("a.txt", new string('x', 2000)));

        Assert.Equal("a.tar:1: member \"a.txt\" occurs twice in the row \"a\"",
            Scratch.Error("a.tar", Tar(("a.txt", "1"), ("a.txt", "2"))));
        Assert.Equal("a.tar:a.json:1: column 2: a key must begin with a double quote",
            Scratch.Error("a.tar", Tar(("a.json", "{a}"))));
        Assert.Equal("a.tar:a.cls:1: a class must be an integer", Scratch.Error("a.tar", Tar(("a.cls", "x"))));
        Assert.Equal(
            "a.tar: the archive ends inside member \"a.txt\"; it was cut off", Scratch.Error("a.tar", good[..^2000]));
        Assert.Equal(
            "a.tar: the archive ends inside the header at byte 0; it was cut off", Scratch.Error("a.tar", good[..100]));
        Assert.Equal(
            "a.tar: the checksum of the tar header at byte 0 does not match; the file is damaged or no archive",
            Scratch.Error("a.tar", [(byte)'?', .. good[1..]]));
        Assert.Equal("a.tar: there are no rows", Scratch.Error("a.tar", Tar(("noext", "1"))));
    }
}
