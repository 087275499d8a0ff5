namespace Hone.Conformance.Goldens;

/// <summary>Where the files lie that a record names.</summary>
/// <param name="Area">The folder of the area, absolute.</param>
/// <param name="Fixtures">The folders of real fixtures, in the order in which they are searched.</param>
public sealed record GoldenFolders(string Area, IReadOnlyList<string> Fixtures)
{
    /// <summary>The file or folder <paramref name="relative"/> of the area.</summary>
    public string InArea(string relative) => Path.Combine(Area, relative);

    /// <summary>The file or folder <paramref name="relative"/> of the first fixture folder that has it.</summary>
    /// <exception cref="GoldenException">None has it.</exception>
    public string Fixture(string relative) => Fixtures
        .Select(folder => Path.Combine(folder, relative))
        .FirstOrDefault(path => File.Exists(path) || Directory.Exists(path))
        ?? throw new GoldenException(
            $"{relative}: no folder of fixtures has it, looked in {string.Join(", ", Fixtures)}; name one with --real");
}
