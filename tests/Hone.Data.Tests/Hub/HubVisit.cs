using Hone.Data.Hub;

namespace Hone.Data.Tests.Hub;

/// <summary>A server, a cache of its own, and somebody who looks for things.</summary>
internal sealed class HubVisit : IDisposable
{
    /// <summary>A commit.</summary>
    public const string First = "1111111111111111111111111111111111111111";

    /// <summary>A later one.</summary>
    public const string Second = "2222222222222222222222222222222222222222";

    private readonly HttpClient _http = HubLocator.CreateHttpClient();
    private readonly Scratch _scratch = new();

    public HubVisit() =>
        Options = new HubOptions { CacheFolder = Path.Combine(_scratch.Folder, "hub"), Endpoint = Server.Address };

    public HubServer Server { get; } = new();

    public ImpatientTime Time { get; } = new();

    public RecordingObserver Observer { get; } = new();

    public HubOptions Options { get; set; }

    public HubLocator Locator => new(Options, _http, Time, Observer);

    public string Cache => Options.CacheFolder;

    public Task<LocatedPath> Model(string name) => Locator.ModelAsync(name, TestContext.Current.CancellationToken);

    public Task<LocatedPath> Model(CancellationTokenSource until, string name) => Locator.ModelAsync(name, until.Token);

    public Task<LocatedPath> Tokenizer(string name) =>
        Locator.TokenizerAsync(name, TestContext.Current.CancellationToken);

    public Task<LocatedData> Data(DataSourceOptions options) =>
        Locator.DataAsync(options, TestContext.Current.CancellationToken);

    public Task<LocatedPath> Pull(string name, string[] include, string[] exclude) => Locator.PullAsync(
        HubName.Parse(name, HubKind.Model), include, exclude, TestContext.Current.CancellationToken);

    public async Task<HubException> Refusal(string model, bool isTransient = false)
    {
        var fault = await Assert.ThrowsAsync<HubException>(() => Model(model));
        Assert.Equal(isTransient, fault.IsTransient);
        return fault;
    }

    /// <summary>What a refusal says, with the address and the cache's folder replaced.</summary>
    public async Task<string> Words(string model, bool isTransient = false) =>
        Plain((await Refusal(model, isTransient)).Message);

    public string Plain(string message) => message
        .Replace(Server.Address, "HUB", StringComparison.Ordinal)
        .Replace(Cache, "CACHE", StringComparison.Ordinal);

    /// <summary>The files of the cache with their contents, or where they link to; locks are left out.</summary>
    public IEnumerable<string> Layout() => RepositoryPath.FilesBelow(Cache)
        .Where(path => !path.StartsWith(".locks/", StringComparison.Ordinal))
        .Select(path => new FileInfo(Path.Combine(Cache, path)) is { LinkTarget: { } target }
            ? $"{path} -> {target}"
            : $"{path}: {File.ReadAllText(Path.Combine(Cache, path))}");

    public void Dispose()
    {
        Server.Dispose();
        _http.Dispose();
        _scratch.Dispose();
    }
}
