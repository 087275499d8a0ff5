namespace Hone.Fuzz.Targets;

internal sealed class SentencePieceTarget : ITarget
{
    public string Name => "tokenizer.model";

    public string FileName => "tokenizer.model";

    public IEnumerable<byte[]> Seeds(string tests) =>
        Directory.GetFiles(Path.Combine(tests, "Hone.Text.Tests/Pieces"), FileName, SearchOption.AllDirectories)
            .Order(StringComparer.Ordinal).Select(File.ReadAllBytes);

    public long Read(string path) => TokenizerTarget.Read(path);
}
