namespace Hone.Data.Hub;

/// <summary>Paths inside a repository, as a server or a user writes them: parts joined by slashes.</summary>
internal static class RepositoryPath
{
    private const int LongestPart = 255;
    private const int DeepestFolder = 32;

    /// <summary>Whether a path stays inside the folder that it is joined to, on every system.</summary>
    public static bool IsSafe(string path) => path.Length > 0 && path.Split('/').All(IsSafePart);

    /// <summary>The path under a local folder.</summary>
    public static string Under(string folder, string path) => Path.Combine([folder, .. path.Split('/')]);

    /// <summary>The paths of all files below a folder, in ordinal order.</summary>
    public static IReadOnlyList<string> FilesBelow(string folder) => !Directory.Exists(folder)
        ? []
        : [.. Directory
            .EnumerateFiles(folder, "*", new EnumerationOptions
            {
                RecurseSubdirectories = true,
                MaxRecursionDepth = DeepestFolder,
                AttributesToSkip = 0,
            })
            .Select(file => Path.GetRelativePath(folder, file).Replace(Path.DirectorySeparatorChar, '/'))
            .Order(StringComparer.Ordinal)];

    private static bool IsSafePart(string part) =>
        part is not ("" or "." or "..")
        && part.Length <= LongestPart
        && !part.Any(letter => letter is '\\' or ':' || char.IsControl(letter));
}
