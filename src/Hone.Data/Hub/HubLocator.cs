namespace Hone.Data.Hub;

/// <summary>Finds what users name: a local path where there is one, else a repository of the hub, from the cache or
/// downloaded into it.</summary>
public sealed class HubLocator
{
    private readonly SnapshotDownload _snapshots;

    /// <summary>Creates it.</summary>
    /// <param name="options">Where the hub is and where its files are kept.</param>
    /// <param name="http">Sends requests; it must not follow redirections by itself.</param>
    /// <param name="time">The clock of pauses.</param>
    /// <param name="observer">Is told of downloads.</param>
    public HubLocator(HubOptions options, HttpClient http, TimeProvider time, IHubObserver observer)
    {
        var client = new HubClient(new HubTransport(http, options, time, observer), options);
        _snapshots = new SnapshotDownload(client, new HubCache(options.CacheFolder), options, time, observer);
    }

    /// <summary>A client for the constructor.</summary>
    public static HttpClient CreateHttpClient() => HubTransport.CreateClient();

    /// <summary>Whether a text can only mean something local: it exists, or is no name of a repository.</summary>
    public static bool IsLocal(string path) =>
        File.Exists(path) || Directory.Exists(path) || HubName.TryParse(path, HubKind.Model) is null;

    /// <summary>Whether data can only be local: the path exists, is no name of a repository, or ends as files of data
    /// do.</summary>
    public static bool IsLocal(DataSourceOptions data) =>
        File.Exists(data.Path) || Directory.Exists(data.Path)
        || HubName.TryParse(data.Path, HubKind.Dataset) is not { } name
        || (name.Path.Length == 0 && DataSource.FormatOf(data.Path) != DataFormat.Auto);

    /// <summary>Finds a model: its folder, or the one file that the name ends with.</summary>
    /// <exception cref="HubException">It is not local, and the hub does not have it or cannot be reached.</exception>
    public Task<LocatedPath> ModelAsync(string path, CancellationToken cancel) =>
        PathAsync(path, HubSelection.Model, cancel);

    /// <summary>Finds a tokenizer: its folder, or the one file that the name ends with.</summary>
    /// <exception cref="HubException">It is not local, and the hub does not have it or cannot be reached.</exception>
    public Task<LocatedPath> TokenizerAsync(string path, CancellationToken cancel) =>
        PathAsync(path, HubSelection.Tokenizer, cancel);

    /// <summary>Finds the files of a data set.</summary>
    /// <exception cref="HubException">They are not local, and the hub does not have them or cannot be
    /// reached.</exception>
    /// <exception cref="DataException">The data set has several splits or configurations, and none is
    /// named.</exception>
    public async Task<LocatedData> DataAsync(DataSourceOptions options, CancellationToken cancel)
    {
        if (IsLocal(options))
        {
            return new LocatedData(options, "");
        }

        var name = HubName.Parse(options.Path, HubKind.Dataset);
        var listing = await ListAsync(name, cancel);
        var source = Source(name, listing);
        if (name.Path.Length > 0 && !IsFolder(listing, name.Path))
        {
            var files = HubSelection.Named(name, listing, name.Path);
            var folder = await _snapshots.FetchAsync(name, listing, files, cancel);
            return new LocatedData(options with { Path = RepositoryPath.Under(folder, name.Path) }, source);
        }

        var inside = Inside(listing, name.Path);
        var chosen = DatasetFiles.Select(
            inside.Files, await CardAsync(name, listing, inside, cancel), options.Config, options.Split, $"{name}");
        var snapshot = await _snapshots.FetchAsync(
            name, listing, [.. chosen.Files.Select(file => Outside(name, file))], cancel);
        var path = name.Path.Length == 0 ? snapshot : RepositoryPath.Under(snapshot, name.Path);
        return new LocatedData(options with { Path = path, Split = chosen.Split }, source);
    }

    /// <summary>Downloads a repository: what a model or a data set needs, or the files that patterns name.</summary>
    /// <param name="name">The repository.</param>
    /// <param name="include">Patterns of the files that are wanted; none for those that are needed.</param>
    /// <param name="exclude">Patterns of files that are not wanted.</param>
    /// <param name="cancel">Asks to stop; what came stays, and the next call goes on from there.</param>
    /// <exception cref="HubException">The hub does not have them, or cannot be reached.</exception>
    public async Task<LocatedPath> PullAsync(
        HubName name, IReadOnlyList<string> include, IReadOnlyList<string> exclude, CancellationToken cancel)
    {
        var listing = await _snapshots.ListAsync(name, cancel);
        var needed = (name.Path, include, name.Kind) switch
        {
            ({ Length: > 0 } path, _, _) =>
                HubSelection.Named(name, listing, IsFolder(listing, path) ? $"{path}/**" : path),
            (_, [], HubKind.Model) => NeededOrAll(name, listing),
            _ => listing.Files,
        };
        var files = HubSelection.Matching(name, listing with { Files = needed }, include, exclude);
        var folder = await _snapshots.FetchAsync(name, listing, files, cancel);
        return new LocatedPath(folder, Source(name, listing));
    }

    private static IReadOnlyList<string> NeededOrAll(HubName name, HubListing listing) =>
        listing.Files.Any(file => file.EndsWith(".safetensors", StringComparison.Ordinal))
            || !listing.Files.Contains("tokenizer.json")
            ? HubSelection.Model(name, listing)
            : HubSelection.Tokenizer(name, listing);

    private async Task<LocatedPath> PathAsync(
        string path, Func<HubName, HubListing, IReadOnlyList<string>> needed, CancellationToken cancel)
    {
        if (IsLocal(path))
        {
            return new LocatedPath(path, "");
        }

        var name = HubName.Parse(path, HubKind.Model);
        var listing = await ListAsync(name, cancel);
        var isFile = name.Path.Length > 0 && !IsFolder(listing, name.Path);
        var files = isFile
            ? HubSelection.Named(name, listing, name.Path)
            : [.. needed(name, Inside(listing, name.Path)).Select(file => Outside(name, file))];
        if (isFile && files is not [_])
        {
            throw new HubException($"{name}: must name one file, names {HubSelection.Some(files)}");
        }

        var folder = await _snapshots.FetchAsync(name, listing, files, cancel);
        var found = isFile ? files[0] : name.Path;
        return new LocatedPath(found.Length == 0 ? folder : RepositoryPath.Under(folder, found), Source(name, listing));
    }

    private async Task<HubListing> ListAsync(HubName name, CancellationToken cancel)
    {
        try
        {
            return await _snapshots.ListAsync(name, cancel);
        }
        catch (HubException fault)
        {
            // What looks like a name of the hub may have been meant as a path.
            throw new HubException(
                $"{fault.Message} (nor is there a local file or folder {name})", fault.IsTransient, fault);
        }
    }

    private async Task<DatasetCard> CardAsync(
        HubName name, HubListing listing, HubListing inside, CancellationToken cancel)
    {
        if (name.Revision == "refs/convert/parquet")
        {
            return new DatasetCard(
            [
                .. inside.Files.Where(file => file.Contains('/')).Select(file => file.Split('/')[0]).Distinct()
                    .Select(folder => new DatasetConfiguration(folder, folder == "default", folder, [])),
            ]);
        }

        if (!inside.Files.Contains(DatasetCard.FileName))
        {
            return new DatasetCard([]);
        }

        var folder = await _snapshots.FetchAsync(name, listing, [Outside(name, DatasetCard.FileName)], cancel);
        return DatasetCard.Read(name.Path.Length == 0 ? folder : RepositoryPath.Under(folder, name.Path));
    }

    private static bool IsFolder(HubListing listing, string path) =>
        listing.Files.Any(file => file.StartsWith($"{path}/", StringComparison.Ordinal));

    private static HubListing Inside(HubListing listing, string folder) => folder.Length == 0
        ? listing
        : listing with
        {
            Files = [.. listing.Files
                .Where(file => file.StartsWith($"{folder}/", StringComparison.Ordinal))
                .Select(file => file[(folder.Length + 1)..])],
        };

    private static string Outside(HubName name, string file) => name.Path.Length == 0 ? file : $"{name.Path}/{file}";

    private static string Source(HubName name, HubListing listing) => $"{name with { Revision = listing.Commit }}";
}
