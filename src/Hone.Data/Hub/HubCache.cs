using System.Text.Json;

namespace Hone.Data.Hub;

/// <summary>The folder in which files of the hub are kept, in the layout of <c>huggingface_hub</c>, so that both can
/// share it.</summary>
/// <remarks>
/// A repository is a folder <c>models--org--name</c>: <c>blobs/HASH</c> is the content of a file,
/// <c>blobs/HASH.incomplete</c>
/// what came of it so far, <c>snapshots/COMMIT/…</c> the files under their names, as links to blobs, and
/// <c>refs/REVISION</c>
/// says which commit a branch or tag was. Locks are under <c>.locks</c>. Beside these, <c>.hone/COMMIT.json</c> lists
/// the files that a commit has, so that what is missing is known without the network.
/// </remarks>
internal sealed class HubCache(string folder)
{
    /// <summary>The folder.</summary>
    public string Folder => folder;

    /// <summary>The folder of a repository.</summary>
    public string Repository(HubName name) => Path.Combine(folder, name.CacheFolder);

    /// <summary>The content of a file.</summary>
    public string Blob(HubName name, BlobHash hash) => Path.Combine(Repository(name), "blobs", hash.Hex);

    /// <summary>What came of a file so far.</summary>
    public string Part(HubName name, BlobHash hash) => $"{Blob(name, hash)}.incomplete";

    /// <summary>How many bytes came of a file so far.</summary>
    public long PartLength(HubName name, BlobHash hash) =>
        new FileInfo(Part(name, hash)) is { Exists: true, Length: var length } ? length : 0;

    /// <summary>What the one who downloads a file holds.</summary>
    public string Lock(HubName name, BlobHash hash) =>
        Path.Combine(folder, ".locks", name.CacheFolder, $"{hash.Hex}.lock");

    /// <summary>The folder of the files of a commit.</summary>
    public string Snapshot(HubName name, string commit) => Path.Combine(Repository(name), "snapshots", commit);

    /// <summary>The commit that a revision is, as far as the cache knows; null where it does not.</summary>
    public string? CommitOf(HubName name)
    {
        if (name.IsPinned)
        {
            return name.Revision;
        }

        var path = Ref(name);
        var commit = File.Exists(path) ? File.ReadAllText(path).Trim() : "";
        return HubName.IsCommit(commit) ? commit : null;
    }

    /// <summary>Keeps which commit a revision is.</summary>
    public void KeepCommit(HubName name, string commit)
    {
        if (!name.IsPinned && CommitOf(name) != commit)
        {
            Replace(Ref(name), commit);
        }
    }

    /// <summary>The files of a commit, as the hub listed them; else those that are there; null where there are
    /// none.</summary>
    public HubListing? TryList(HubName name, string commit)
    {
        if (ReadNames(Listing(name, commit)) is { } names)
        {
            return new HubListing(commit, names);
        }

        var there = RepositoryPath.FilesBelow(Snapshot(name, commit));
        return there is [] ? null : new HubListing(commit, there);
    }

    /// <summary>Keeps which files a commit has.</summary>
    public void KeepListing(HubName name, HubListing listing)
    {
        var path = Listing(name, listing.Commit);
        if (!File.Exists(path))
        {
            Replace(path, JsonSerializer.Serialize(listing.Files));
        }
    }

    /// <summary>Puts a file into a snapshot: a link to its content, or the content itself.</summary>
    /// <param name="file">The file.</param>
    /// <param name="usesLinks">Whether links are wanted.</param>
    public void Place(HubFile file, bool usesLinks)
    {
        var path = RepositoryPath.Under(Snapshot(file.Name, file.Name.Revision), file.Path);
        var blob = Blob(file.Name, file.Hash);
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        var beside = $"{path}.{Environment.ProcessId}-{Environment.CurrentManagedThreadId}.tmp";
        if (!usesLinks || !TryLink(beside, Path.GetRelativePath(Path.GetDirectoryName(path)!, blob)))
        {
            File.Copy(blob, beside, overwrite: true);
        }

        File.Move(beside, path, overwrite: true);
    }

    private static bool TryLink(string path, string target)
    {
        try
        {
            File.Delete(path);
            File.CreateSymbolicLink(path, target);
            return true;
        }
        catch (Exception fault) when (
            fault is IOException or UnauthorizedAccessException or PlatformNotSupportedException)
        {
            return false;
        }
    }

    private static void Replace(string path, string text)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        var beside = $"{path}.{Environment.ProcessId}-{Environment.CurrentManagedThreadId}.tmp";
        File.WriteAllText(beside, text);
        File.Move(beside, path, overwrite: true);
    }

    private static List<string>? ReadNames(string path)
    {
        try
        {
            return File.Exists(path)
                && JsonSerializer.Deserialize<List<string>>(File.ReadAllText(path)) is { } names
                && names.All(RepositoryPath.IsSafe)
                ? names
                : null;
        }
        catch (JsonException)
        {
            return null;
        }
    }

    private string Ref(HubName name) => RepositoryPath.Under(Path.Combine(Repository(name), "refs"), name.Revision);

    private string Listing(HubName name, string commit) => Path.Combine(Repository(name), ".hone", $"{commit}.json");
}
