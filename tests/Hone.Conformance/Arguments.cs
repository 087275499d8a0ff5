namespace Hone.Conformance;

/// <summary>
/// The command line: <c>--goldens DIR [--area A] [--case C] [--real DIR[:DIR…]] [--floors FILE] [--name-skipped]</c>.
/// </summary>
/// <param name="Goldens">The folder of the areas, absolute.</param>
/// <param name="Area">The only area to judge, with <c>*</c> and <c>?</c>; null for all.</param>
/// <param name="Case">The only case to judge, with <c>*</c> and <c>?</c>; null for all.</param>
/// <param name="Fixtures">The folders of real fixtures, absolute, in the order in which they are searched.</param>
/// <param name="Real">The folder of real fixtures whose own references are judged too, absolute; null for none. It
/// takes minutes, so it must be named.</param>
/// <param name="Floors">A file with the least number of cases that each area must judge; null for none.</param>
/// <param name="NameSkipped">Name every skipped case, not only its kind.</param>
public sealed record Arguments(
    string Goldens,
    string? Area,
    string? Case,
    IReadOnlyList<string> Fixtures,
    string? Real,
    string? Floors,
    bool NameSkipped)
{
    /// <summary>Reads the command line. An option without value, such as <c>--area ""</c>, counts as not
    /// given.</summary>
    /// <exception cref="ArgumentException">The command line is not as above.</exception>
    public static Arguments Parse(ReadOnlySpan<string> words)
    {
        var (goldens, area, name, real, floors, nameSkipped) = ("", "", "", "", "", false);
        for (var i = 0; i < words.Length; i++)
        {
            string Next(ReadOnlySpan<string> all) => ++i < all.Length
                ? all[i]
                : throw new ArgumentException($"{all[i - 1]}: must be followed by a value, found the end of the line");
            switch (words[i])
            {
                case "--goldens": goldens = Next(words); break;
                case "--area": area = Next(words); break;
                case "--case": name = Next(words); break;
                case "--real": real = Next(words); break;
                case "--floors": floors = Next(words); break;
                case "--name-skipped": nameSkipped = true; break;
                default:
                    throw new ArgumentException(
                        $"{words[i]}: must be --goldens, --area, --case, --real, --floors or --name-skipped");
            }
        }

        if (!Directory.Exists(goldens))
        {
            throw new ArgumentException($"--goldens: must be a folder of areas, found \"{goldens}\"");
        }

        if (floors.Length > 0 && !File.Exists(floors))
        {
            throw new ArgumentException($"--floors: must be a file, found \"{floors}\"");
        }

        var root = Path.GetFullPath(goldens);
        var fixtures = Folders(real, root);
        return new Arguments(
            root,
            Given(area),
            Given(name),
            fixtures,
            Given(real) is null ? null : fixtures[0],
            Given(floors),
            nameSkipped);
    }

    private static string? Given(string value) => value.Length > 0 ? value : null;

    private static IReadOnlyList<string> Folders(string real, string goldens) =>
        [.. real.Split(Path.PathSeparator, StringSplitOptions.RemoveEmptyEntries)
            .Append(Path.Combine(goldens, "..", "real"))
            .Append(Path.Combine("..", "shared", "real"))
            .Select(Path.GetFullPath)
            .Distinct()];
}
