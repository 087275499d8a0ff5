namespace Hone.Data.Hub;

/// <summary>A file of a repository at one commit, as the hub describes it.</summary>
/// <param name="Name">The repository, at the commit.</param>
/// <param name="Path">The file's path inside of it.</param>
/// <param name="Hash">What its content hashes to.</param>
/// <param name="Size">How many bytes it has.</param>
internal sealed record HubFile(HubName Name, string Path, BlobHash Hash, long Size)
{
    /// <inheritdoc/>
    public override string ToString() => $"{Name}: {Path}";
}
