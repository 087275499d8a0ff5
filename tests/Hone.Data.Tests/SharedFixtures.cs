namespace Hone.Data.Tests;

/// <summary>The folder of real files that are too large for this repository.</summary>
internal static class SharedFixtures
{
    /// <summary>What <c>HONE_FIXTURES</c> names, else <c>../shared/real</c> beside the repository; the test is skipped
    /// without it.</summary>
    public static string Folder
    {
        get
        {
            var folder = Environment.GetEnvironmentVariable("HONE_FIXTURES") is { Length: > 0 } named
                ? named
                : Path.Combine(Root, "..", "shared", "real");
            Assert.SkipUnless(
                Directory.Exists(folder), $"{folder} is not there; set HONE_FIXTURES to the folder of real files");
            return folder;
        }
    }

    private static string Root
    {
        get
        {
            var folder = AppContext.BaseDirectory;
            while (!File.Exists(Path.Combine(folder, "Hone.slnx")))
            {
                folder = Path.GetDirectoryName(folder.TrimEnd('/'))!;
            }

            return folder;
        }
    }
}
