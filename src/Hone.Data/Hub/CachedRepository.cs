namespace Hone.Data.Hub;

/// <summary>A repository of the hub of which the cache holds something.</summary>
/// <param name="Kind">What it holds.</param>
/// <param name="Id"><c>org/name</c>.</param>
/// <param name="Folder">Where it lies.</param>
/// <param name="Bytes">What it takes on the disk.</param>
/// <param name="PartialBytes">How much of that belongs to downloads that were cut off.</param>
/// <param name="Revisions">The commits that are there.</param>
public sealed record CachedRepository(
    HubKind Kind, string Id, string Folder, long Bytes, long PartialBytes, IReadOnlyList<CachedRevision> Revisions);

/// <summary>A commit of a repository, as far as it is in the cache.</summary>
/// <param name="Commit">The commit.</param>
/// <param name="Refs">The branches and tags that were this commit when they were last asked for.</param>
/// <param name="Files">How many of its files are there.</param>
/// <param name="Bytes">Their sizes together; contents that other commits share are counted.</param>
public sealed record CachedRevision(string Commit, IReadOnlyList<string> Refs, int Files, long Bytes);
