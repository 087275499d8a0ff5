namespace Hone.Data.Hub;

/// <summary>Brings files of a repository into the cache.</summary>
internal sealed class SnapshotDownload(
    HubClient client, HubCache cache, HubOptions options, TimeProvider time, IHubObserver observer)
{
    private const int AtOnce = 4;

    private readonly BlobDownload _blobs = new(client, cache, options, time, observer);

    /// <summary>The repository's files, from the hub; from the cache where the hub may not be asked or cannot be
    /// reached.</summary>
    /// <exception cref="HubException">There is no such repository, or nothing is known of it here.</exception>
    public async Task<HubListing> ListAsync(HubName name, CancellationToken cancel)
    {
        var commit = cache.CommitOf(name);
        var known = commit is null ? null : cache.TryList(name, commit);
        if (options.IsOffline)
        {
            return known ?? throw new HubException(
                $"{name}: must be in the cache while HF_HUB_OFFLINE is set, is not ({cache.Folder}); unset it to "
                + "download");
        }

        try
        {
            var listing = await client.ListAsync(name, known is null ? int.MaxValue : 1, cancel);
            cache.KeepListing(name, listing);
            return listing;
        }
        catch (HubException fault) when (fault.IsTransient && known is not null)
        {
            observer.Noticed($"{name}: the hub cannot be reached, commit {known.Commit} of the cache is used: "
                + $"{fault.Message}");
            return known;
        }
    }

    /// <summary>Downloads what is missing of some files.</summary>
    /// <param name="name">The repository.</param>
    /// <param name="listing">Its files.</param>
    /// <param name="wanted">Those that must be there.</param>
    /// <param name="cancel">Asks to stop; what came stays.</param>
    /// <returns>The folder of the snapshot.</returns>
    /// <exception cref="HubException">A file does not come, or is not what it should be.</exception>
    public async Task<string> FetchAsync(
        HubName name, HubListing listing, IReadOnlyList<string> wanted, CancellationToken cancel)
    {
        var folder = cache.Snapshot(name, listing.Commit);
        var missing = wanted.Where(path => !File.Exists(RepositoryPath.Under(folder, path))).ToList();
        if (missing is [_, ..])
        {
            if (options.IsOffline)
            {
                throw new HubException(
                    $"{name}: all files must be in the cache while HF_HUB_OFFLINE is set, {missing[0]}"
                    + $"{(missing.Count > 1 ? $" and {missing.Count - 1} more are" : " is")} not ({folder}); unset it "
                    + "to download");
            }

            await DownloadAsync(name with { Revision = listing.Commit, Path = "" }, missing, cancel);
        }

        if (!options.IsOffline)
        {
            cache.KeepCommit(name, listing.Commit);
        }

        return folder;
    }

    private async Task DownloadAsync(HubName pinned, List<string> paths, CancellationToken cancel)
    {
        var files = new HubFile[paths.Count];
        var limit = new ParallelOptions { MaxDegreeOfParallelism = AtOnce, CancellationToken = cancel };
        await Parallel.ForAsync(
            0,
            files.Length,
            limit,
            async (index, token) => files[index] = await client.DescribeAsync(pinned, paths[index], token));
        RequireSpace(pinned, files);
        observer.Started(
            pinned,
            files.Length,
            files.Sum(file => file.Size),
            files.Sum(file => Math.Min(file.Size, cache.PartLength(pinned, file.Hash))));
        await Parallel.ForEachAsync(files, limit, async (file, token) =>
        {
            await _blobs.FetchAsync(file, token);
            cache.Place(file, options.UsesLinks);
        });
        observer.Finished();
    }

    private void RequireSpace(HubName name, IReadOnlyList<HubFile> files)
    {
        Directory.CreateDirectory(cache.Folder);
        var needed = files.Where(file => !File.Exists(cache.Blob(name, file.Hash)))
            .Sum(file => file.Size - Math.Min(file.Size, cache.PartLength(name, file.Hash)));
        var free = new DriveInfo(cache.Folder).AvailableFreeSpace;
        if (needed > free)
        {
            throw new HubException(
                $"{name}: must fit on the disk of {cache.Folder}, {needed} bytes are to come and {free} are free; "
                + "make room (`hone cache ls`), or set HF_HOME to another disk",
                isTransient: true);
        }
    }
}
