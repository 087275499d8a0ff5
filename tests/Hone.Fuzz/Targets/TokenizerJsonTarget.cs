namespace Hone.Fuzz.Targets;

internal sealed class TokenizerJsonTarget : ITarget
{
    public string Name => "tokenizer.json";

    public string FileName => "tokenizer.json";

    public IEnumerable<byte[]> Seeds(string tests) =>
        Directory.GetFiles(Path.Combine(tests, "Hone.Text.Tests/Cases"), FileName, SearchOption.AllDirectories)
            .Order(StringComparer.Ordinal).Select(File.ReadAllBytes);

    public long Read(string path) => TokenizerTarget.Read(path);
}
