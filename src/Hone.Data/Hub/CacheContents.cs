namespace Hone.Data.Hub;

/// <summary>Lists what a cache holds, and removes parts of it.</summary>
/// <param name="folder">The folder of the cache.</param>
public sealed class CacheContents(string folder)
{
    private static readonly Dictionary<string, HubKind> Kinds =
        new(StringComparer.Ordinal) { ["models"] = HubKind.Model, ["datasets"] = HubKind.Dataset };

    /// <summary>The models and data sets in it, ordered by name.</summary>
    public IReadOnlyList<CachedRepository> List() => !Directory.Exists(folder)
        ? []
        :
        [
            .. Directory.GetDirectories(folder)
                .Select(Read)
                .OfType<CachedRepository>()
                .OrderBy(one => one.Id, StringComparer.Ordinal)
                .ThenBy(one => one.Kind),
        ];

    /// <summary>Removes a repository.</summary>
    /// <returns>Bytes that are free now.</returns>
    public long Remove(CachedRepository repository)
    {
        // Renamed first, so that nobody finds half of it.
        var doomed = $"{repository.Folder}.removed-{Environment.ProcessId}";
        Directory.Move(repository.Folder, doomed);
        Directory.Delete(doomed, recursive: true);
        var locks = Path.Combine(folder, ".locks", Path.GetFileName(repository.Folder));
        if (Directory.Exists(locks))
        {
            Directory.Delete(locks, recursive: true);
        }

        return repository.Bytes;
    }

    /// <summary>Removes a commit, and the contents that no other commit has.</summary>
    /// <returns>Bytes that are free now.</returns>
    public long Remove(CachedRepository repository, CachedRevision revision)
    {
        if (repository.Revisions is [_])
        {
            return Remove(repository);
        }

        foreach (var name in revision.Refs)
        {
            File.Delete(RepositoryPath.Under(Path.Combine(repository.Folder, "refs"), name));
        }

        string[] folders = [".hone", "trees"];
        foreach (var list in folders
            .Select(lists => Path.Combine(repository.Folder, lists, $"{revision.Commit}.json"))
            .Where(File.Exists))
        {
            File.Delete(list);
        }

        var snapshots = Path.Combine(repository.Folder, "snapshots");
        Directory.Delete(Path.Combine(snapshots, revision.Commit), recursive: true);
        var used = RepositoryPath.FilesBelow(snapshots)
            .Select(path => File.ResolveLinkTarget(Path.Combine(snapshots, path), returnFinalTarget: true)?.Name)
            .ToHashSet(StringComparer.Ordinal);
        foreach (var blob in Blobs(repository.Folder).Where(blob => !IsPart(blob) && !used.Contains(blob.Name)))
        {
            blob.Delete();
        }

        return repository.Bytes - (Read(repository.Folder)?.Bytes ?? 0);
    }

    private static CachedRepository? Read(string path)
    {
        var parts = Path.GetFileName(path).Split("--");
        if (parts.Length is < 2 or > 3 || !Kinds.TryGetValue(parts[0], out var kind))
        {
            return null;
        }

        var blobs = Blobs(path);
        var snapshots = Path.Combine(path, "snapshots");
        var copies = RepositoryPath.FilesBelow(snapshots)
            .Select(file => new FileInfo(Path.Combine(snapshots, file)))
            .Where(file => file.LinkTarget is null);
        var refs = Refs(Path.Combine(path, "refs"));
        return new CachedRepository(
            kind,
            string.Join('/', parts.Skip(1)),
            path,
            blobs.Concat(copies).Sum(file => file.Length),
            blobs.Where(IsPart).Sum(blob => blob.Length),
            !Directory.Exists(snapshots)
                ? []
                :
                [
                    .. Directory.GetDirectories(snapshots).Order(StringComparer.Ordinal)
                        .Select(snapshot => Revision(snapshot, refs)),
                ]);
    }

    private static CachedRevision Revision(string snapshot, ILookup<string, string> refs)
    {
        var files = RepositoryPath.FilesBelow(snapshot).Select(file => Content(Path.Combine(snapshot, file))).ToList();
        var commit = Path.GetFileName(snapshot);
        return new CachedRevision(
            commit, [.. refs[commit]], files.Count, files.Where(file => file.Exists).Sum(file => file.Length));
    }

    private static FileInfo Content(string path) =>
        new(File.ResolveLinkTarget(path, returnFinalTarget: true)?.FullName ?? path);

    private static bool IsPart(FileInfo blob) => blob.Name.EndsWith(".incomplete", StringComparison.Ordinal);

    private static ILookup<string, string> Refs(string refs) => RepositoryPath.FilesBelow(refs)
        .Where(RepositoryPath.IsSafe)
        .ToLookup(name => File.ReadAllText(RepositoryPath.Under(refs, name)).Trim(), StringComparer.Ordinal);

    private static FileInfo[] Blobs(string path)
    {
        var blobs = Path.Combine(path, "blobs");
        return Directory.Exists(blobs) ? new DirectoryInfo(blobs).GetFiles() : [];
    }
}
