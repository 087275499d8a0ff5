namespace Hone.Training.Tests;

/// <summary>Finds the files that tests share with the rest of the repository.</summary>
internal static class Repository
{
    public static string Root { get; } = Find();

    /// <summary>The folder of models and data to test on, which may be absent.</summary>
    public static string Fixtures { get; } = Path.GetFullPath(
        Environment.GetEnvironmentVariable("HONE_FIXTURES") is { Length: > 0 } folder ? folder : "../shared/real",
        Root);

    private static string Find()
    {
        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            if (File.Exists(Path.Combine(folder.FullName, "Hone.slnx")))
            {
                return folder.FullName;
            }
        }

        throw new DirectoryNotFoundException(
            $"{AppContext.BaseDirectory}: must lie in the repository, no folder above holds Hone.slnx");
    }
}
