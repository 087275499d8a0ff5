using System.Text.Json;

namespace Hone.Models.Tests;

/// <summary>Finds fixtures and skips, in words, where they are absent.</summary>
internal static class Fixtures
{
    /// <summary>A path under the folder of real fixtures: <c>HONE_FIXTURES</c>, by default <c>../shared/real</c> beside
    /// the repository.</summary>
    public static string Real(params string[] parts) => Existing(Path.Combine([RealRoot(), .. parts]));

    /// <summary>A path under the folder of reference values, beside the real fixtures.</summary>
    public static string Golden(params string[] parts) =>
        Existing(Path.Combine([RealRoot(), "..", "goldens", .. parts]));

    /// <summary>A JSON file.</summary>
    public static JsonElement Json(string path) => JsonDocument.Parse(File.ReadAllText(path)).RootElement;

    /// <summary>The objects of a JSONL file.</summary>
    public static IEnumerable<JsonElement> JsonLines(string path) =>
        File.ReadLines(path).Select(line => JsonDocument.Parse(line).RootElement);

    /// <summary>A list of integers.</summary>
    public static int[] Ints(JsonElement list) => [.. list.EnumerateArray().Select(item => item.GetInt32())];

    /// <summary>A list of numbers, where -Infinity is a text.</summary>
    public static float[] Floats(JsonElement list) =>
    [
        .. list.EnumerateArray().Select(
            item => item.ValueKind == JsonValueKind.String ? float.NegativeInfinity : item.GetSingle()),
    ];

    private static string Existing(string path)
    {
        if (!Path.Exists(path))
        {
            Assert.Skip($"the fixture {path} is absent; set HONE_FIXTURES to the folder of real fixtures");
        }

        return path;
    }

    private static string RealRoot() =>
        Environment.GetEnvironmentVariable("HONE_FIXTURES") ?? Path.Combine(RepositoryRoot(), "..", "shared", "real");

    private static string RepositoryRoot()
    {
        var folder = AppContext.BaseDirectory;
        while (!File.Exists(Path.Combine(folder, "Hone.slnx")))
        {
            folder = Path.GetDirectoryName(folder)
                ?? throw new InvalidOperationException("the tests must run inside the repository");
        }

        return folder;
    }
}
