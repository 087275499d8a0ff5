using System.Text.RegularExpressions;

namespace Hone.Data.Hub;

/// <summary>The name of a repository of the hub: <c>org/name</c>, perhaps with <c>@revision</c> and
/// <c>:path</c>.</summary>
/// <param name="Kind">What it holds.</param>
/// <param name="Id"><c>org/name</c>, or a bare <c>name</c>.</param>
/// <param name="Revision">A branch, a tag, a commit, or a reference such as <c>refs/pr/1</c>.</param>
/// <param name="Path">A file, a folder or a pattern inside of it; empty for the whole repository.</param>
public sealed partial record HubName(HubKind Kind, string Id, string Revision, string Path)
{
    /// <summary>The revision that is meant when none is named.</summary>
    public const string UsualRevision = "main";

    private const int LongestId = 96;

    /// <summary>Whether the revision is a commit, which never changes.</summary>
    public bool IsPinned => IsCommit(Revision);

    /// <summary>The name of the repository's folder in a cache: <c>models--org--name</c>.</summary>
    public string CacheFolder => $"{Prefix}--{Id.Replace("/", "--", StringComparison.Ordinal)}";

    /// <summary><c>models</c> or <c>datasets</c>.</summary>
    public string Prefix => Kind == HubKind.Model ? "models" : "datasets";

    /// <summary>Reads a name where a path could stand too: <c>org/name</c> must have both parts.</summary>
    /// <param name="text">What the user wrote.</param>
    /// <param name="kind">What is looked for.</param>
    /// <returns>The name, or null where the text can be none.</returns>
    public static HubName? TryParse(string text, HubKind kind) =>
        TryParseAny(text, kind) is { } name && name.Id.Contains('/') ? name : null;

    /// <summary>Reads a name where nothing else can stand.</summary>
    /// <exception cref="HubException">The text is no name.</exception>
    public static HubName Parse(string text, HubKind kind) => TryParseAny(text, kind)
        ?? throw new HubException(
            $"{text}: must be the name of a repository, org/name or org/name@revision, of letters, digits, \"-\", "
            + "\"_\" and \".\"");

    /// <inheritdoc/>
    public override string ToString() =>
        $"{Id}{(Revision == UsualRevision ? "" : $"@{Revision}")}{(Path.Length == 0 ? "" : $":{Path}")}";

    /// <summary>Whether a text is a whole commit: 40 hexadecimal digits in lower case.</summary>
    internal static bool IsCommit(string text) => text.Length == 40 && text.All(char.IsAsciiHexDigitLower);

    private static HubName? TryParseAny(string text, HubKind kind)
    {
        if (Pattern().Match(text) is not { Success: true } match)
        {
            return null;
        }

        var id = match.Groups["id"].Value;
        var revision = match.Groups["revision"] is { Success: true, Value: var given } ? given : UsualRevision;
        var path = match.Groups["path"].Value;
        return IsId(id) && RepositoryPath.IsSafe(revision) && (path.Length == 0 || RepositoryPath.IsSafe(path))
            ? new HubName(kind, id, revision, path)
            : null;
    }

    // The rules of the hub itself, so that a name that cannot exist is never asked for.
    private static bool IsId(string id) =>
        id.Length <= LongestId
        && !id.Contains("--", StringComparison.Ordinal)
        && !id.Contains("..", StringComparison.Ordinal)
        && !id.EndsWith(".git", StringComparison.Ordinal);

    [GeneratedRegex(
        @"\A(?<id>([A-Za-z0-9_]([A-Za-z0-9_.-]*[A-Za-z0-9_])?/)?[A-Za-z0-9_]([A-Za-z0-9_.-]*[A-Za-z0-9_])?)"
            + @"(@(?<revision>[A-Za-z0-9_./+-]+))?(:(?<path>[^:]+))?\z",
        RegexOptions.ExplicitCapture)]
    private static partial Regex Pattern();
}
