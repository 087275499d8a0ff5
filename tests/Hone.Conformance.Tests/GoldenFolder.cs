namespace Hone.Conformance.Tests;

/// <summary>A folder of goldens that a test writes and that goes away with it.</summary>
internal sealed class GoldenFolder : IDisposable
{
    public string Path { get; } = Directory.CreateTempSubdirectory("hone-goldens-").FullName;

    public GoldenFolder With(string file, string text)
    {
        var path = System.IO.Path.Combine(Path, file);
        Directory.CreateDirectory(System.IO.Path.GetDirectoryName(path)!);
        File.WriteAllText(path, text);
        return this;
    }

    public void Dispose() => Directory.Delete(Path, recursive: true);
}
