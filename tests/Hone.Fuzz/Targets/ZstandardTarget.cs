namespace Hone.Fuzz.Targets;

/// <summary>Compressed text, a row a line.</summary>
internal sealed class ZstandardTarget : ITarget
{
    public string Name => "zst";

    public string FileName => "rows.txt.zst";

    public IEnumerable<byte[]> Seeds(string tests) =>
        Directory.GetFiles(Path.Combine(tests, "Hone.Data.Tests/Fixtures/zstd"), "*.zst").Order(StringComparer.Ordinal)
            .Select(File.ReadAllBytes).Where(bytes => bytes.Length < 4096);

    public long Read(string path) => RowsTarget.Read(path);
}
