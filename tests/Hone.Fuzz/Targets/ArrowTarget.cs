namespace Hone.Fuzz.Targets;

internal sealed class ArrowTarget : ITarget
{
    public string Name => "arrow";

    public string FileName => "rows.arrow";

    public IEnumerable<byte[]> Seeds(string tests) =>
        Directory.GetFiles(Path.Combine(tests, "Hone.Data.Tests/Fixtures/arrow"), "*.arrow*")
            .Order(StringComparer.Ordinal).Select(File.ReadAllBytes);

    public long Read(string path) => RowsTarget.Read(path);
}
