using System.Runtime.CompilerServices;
using System.Text.Json;

namespace Hone.Text.Tests;

/// <summary>The recorded cases: small ones beside the tests, the full ones where <c>HONE_FIXTURES</c> says (default
/// ../shared/real).</summary>
internal static class Fixtures
{
    /// <summary>A folder of the real fixtures; the test is skipped where it is absent.</summary>
    public static string Real(string path) => Require(Path.Combine(RealFolder(), path));

    /// <summary>A file or folder of the reference values for tokenizers; the test is skipped where it is
    /// absent.</summary>
    public static string Goldens(string path) =>
        Require(Path.Combine(RealFolder(), "..", "goldens", "tokenizers", path));

    /// <summary>A file beside the tests.</summary>
    public static string Local(string path) => Path.Combine(Here(), "Cases", path);

    /// <summary>A SentencePiece model beside the tests.</summary>
    public static string Pieces(string path) => Path.Combine(Here(), "Pieces", path);

    /// <summary>The lines of a JSONL file.</summary>
    public static IEnumerable<JsonElement> Lines(string file) =>
        File.ReadLines(file).Select(line => JsonDocument.Parse(line).RootElement);

    /// <summary>A JSON file.</summary>
    public static JsonElement Whole(string file) => JsonDocument.Parse(File.ReadAllText(file)).RootElement;

    private static string RealFolder() => Environment.GetEnvironmentVariable("HONE_FIXTURES") is { Length: > 0 } folder
        ? folder
        : Path.Combine(Here(), "..", "..", "..", "shared", "real");

    private static string Here([CallerFilePath] string file = "") => Path.GetDirectoryName(file)!;

    private static string Require(string path)
    {
        if (!Path.Exists(path))
        {
            Assert.Skip(
                $"the fixtures are not here: {Path.GetFullPath(path)} is missing; HONE_FIXTURES says where they are");
        }

        return Path.GetFullPath(path);
    }
}
