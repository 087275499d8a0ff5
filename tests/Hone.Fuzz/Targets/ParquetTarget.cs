namespace Hone.Fuzz.Targets;

internal sealed class ParquetTarget : ITarget
{
    public string Name => "parquet";

    public string FileName => "rows.parquet";

    public IEnumerable<byte[]> Seeds(string tests) =>
        Directory.GetFiles(Path.Combine(tests, "Hone.Data.Tests/Fixtures/parquet"), "*.parquet")
            .Order(StringComparer.Ordinal).Select(File.ReadAllBytes);

    public long Read(string path) => RowsTarget.Read(path);
}
