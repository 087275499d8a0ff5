using Hone.Data.Hub;

namespace Hone.Data.Tests.Hub;

/// <summary>Connections that break, servers that lie, and what is left behind.</summary>
public sealed class HubDownloadTests : IDisposable
{
    private static readonly byte[] Weights = [.. Enumerable.Range(0, 100_000).Select(i => (byte)(i * 31 >> 3))];

    private readonly HubVisit _visit = new();
    private readonly HubServer _elsewhere = new();

    public HubDownloadTests()
    {
        var model = _visit.Server.Add("org/m", HubVisit.First, files: [("config.json", "{}")]);
        model.Files["model.safetensors"] = Weights;
        model.Large["model.safetensors"] = $"{_elsewhere.Address}/bytes?signed=1";
        _elsewhere.Instead = request => HubServer.Content(request, Weights);
    }

    private string Hash { get; } = HubServer.Sha256(Weights);

    private string Blob => Path.Combine(_visit.Cache, "models--org--m", "blobs", Hash);

    private string Part => $"{Blob}.incomplete";

    [Fact]
    public async Task The_token_goes_to_the_hub_and_nowhere_else()
    {
        _visit.Options = _visit.Options with { Token = "hf_secret" };

        await _visit.Model("org/m");

        Assert.All(_visit.Server.Seen, request => Assert.Equal("Bearer hf_secret", request.Token));
        Assert.Equal(["GET /bytes?signed=1"], _elsewhere.SeenLines);
        Assert.Null(_elsewhere.Seen[0].Token);
    }

    [Fact]
    public async Task A_connection_that_breaks_is_gone_on_with_from_where_it_broke()
    {
        var parts = new Queue<int>([30_000, 0, 50_000, int.MaxValue]);
        _elsewhere.Instead = request => HubServer.Content(request, Weights) with { CutAfter = parts.Dequeue() };

        var found = await _visit.Model("org/m");

        Assert.Equal(Weights, File.ReadAllBytes(Path.Combine(found.Path, "model.safetensors")));
        Assert.Equal([null, 30_000L, 30_000L, 80_000L], _elsewhere.Seen.Select(request => request.From));
        Assert.Equal(100_002, _visit.Observer.Bytes);
        Assert.Contains(
            $"org/m@{HubVisit.First}: model.safetensors: the connection broke after 30000 of 100000 bytes; going on "
            + "from there in 1 s",
            _visit.Observer.Events);
    }

    [Fact]
    public async Task What_came_before_an_interruption_is_kept_and_gone_on_with()
    {
        using var interruption = new CancellationTokenSource();
        _elsewhere.Instead = request =>
        {
            interruption.CancelAfter(200);
            return HubServer.Content(request, Weights) with { CutAfter = 40_000, Stalls = true };
        };
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => _visit.Model(interruption, "org/m"));
        Assert.Equal(Weights[..40_000], File.ReadAllBytes(Part));
        _elsewhere.Instead = request => HubServer.Content(request, Weights);

        var found = await _visit.Model("org/m");

        Assert.Equal(Weights, File.ReadAllBytes(Path.Combine(found.Path, "model.safetensors")));
        Assert.Equal(40_000, _elsewhere.Seen[^1].From);
        Assert.False(File.Exists(Part));
        Assert.Contains($"org/m@{HubVisit.First}: 1 files, 100000 bytes, 40000 there", _visit.Observer.Events);
    }

    [Fact]
    public async Task A_server_without_ranges_sends_it_all_again()
    {
        var parts = new Queue<int>([30_000, int.MaxValue]);
        _elsewhere.Instead = _ => new HubAnswer(200, Weights) { CutAfter = parts.Dequeue() };

        var found = await _visit.Model("org/m");

        Assert.Equal(Weights, File.ReadAllBytes(Path.Combine(found.Path, "model.safetensors")));
        Assert.Equal(100_002, _visit.Observer.Bytes);
    }

    [Fact]
    public async Task A_part_that_is_not_the_file_s_is_thrown_away_and_all_fetched_anew()
    {
        Directory.CreateDirectory(Path.GetDirectoryName(Part)!);
        File.WriteAllBytes(Part, new byte[5000]);

        var found = await _visit.Model("org/m");

        Assert.Equal(Weights, File.ReadAllBytes(Path.Combine(found.Path, "model.safetensors")));
        Assert.Equal([5000L, null], _elsewhere.Seen.Select(request => request.From));
        Assert.Equal(100_002, _visit.Observer.Bytes);
    }

    [Fact]
    public async Task A_part_longer_than_the_file_is_thrown_away()
    {
        Directory.CreateDirectory(Path.GetDirectoryName(Part)!);
        File.WriteAllBytes(Part, new byte[200_000]);

        var found = await _visit.Model("org/m");

        Assert.Equal(Weights, File.ReadAllBytes(Path.Combine(found.Path, "model.safetensors")));
    }

    [Fact]
    public async Task A_wrong_hash_is_refused_and_nothing_is_kept()
    {
        _elsewhere.Instead = _ => new HubAnswer(200, new byte[100_000]);

        Assert.Equal(
            $"org/m@{HubVisit.First}: model.safetensors: the content must hash to {Hash} as the hub says, it hashes to "
            + $"{HubServer.Sha256(new byte[100_000])}; it was not kept; try again, and if it stays so ask the owner "
            + "of the repository",
            await _visit.Words("org/m"));
        Assert.False(File.Exists(Blob) || File.Exists(Part));
        Assert.False(
            File.Exists(
                Path.Combine(_visit.Cache, "models--org--m", "snapshots", HubVisit.First, "model.safetensors")));
        Assert.False(Directory.Exists(Path.Combine(_visit.Cache, "models--org--m", "refs")));
    }

    [Fact]
    public async Task A_wrong_hash_of_git_is_refused_too()
    {
        _visit.Server.Instead = request =>
            request is { Method: "GET", Path: $"/org/m/resolve/{HubVisit.First}/config.json" }
            ? new HubAnswer(200, "[]"u8.ToArray())
            : null;

        Assert.StartsWith(
            $"org/m@{HubVisit.First}: config.json: the content must hash to 9e26dfeeb6e641a33dae4961196235bdb965b21b "
            + "as the hub says, it hashes to 0637a088a01e8ddab3bf3fa98dbe804cbde1a0dc;",
            await _visit.Words("org/m"),
            StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_body_without_an_end_is_cut_off_at_the_size_that_was_said()
    {
        _elsewhere.Instead = _ => new HubAnswer(200, new byte[4096]) { IsEndless = true };

        Assert.Equal(
            $"org/m@{HubVisit.First}: model.safetensors: must have 100000 bytes as the hub says, it sends more; it "
            + "was not kept",
            await _visit.Words("org/m"));
        Assert.False(File.Exists(Part));
    }

    [Fact]
    public async Task A_body_that_ends_early_each_time_is_given_up_and_its_part_kept()
    {
        _elsewhere.Instead = request => request.From is null
            ? new HubAnswer(200, Weights[..10]) { Headers = [("Content-Length", "10")] }
            : new HubAnswer(206, [])
            {
                Headers = [("Content-Range", "bytes 10-99999/100000"), ("Content-Length", "99990")],
            };

        Assert.Equal(
            $"org/m@{HubVisit.First}: model.safetensors: must come whole, 10 of 100000 bytes came and then 6 attempts "
            + "brought no more (the connection broke); the same command goes on from there",
            await _visit.Words("org/m", isTransient: true));
        Assert.Equal(10, new FileInfo(Part).Length);
        Assert.Equal([1.0, 1, 2, 4, 8, 8], _visit.Time.Seconds.Where(seconds => seconds > 0));
    }

    [Fact]
    public async Task A_body_that_stands_still_is_gone_on_with()
    {
        var first = true;
        _visit.Options = _visit.Options with { BodyTimeout = TimeSpan.FromMilliseconds(150) };
        _elsewhere.Instead = request =>
        {
            var stalls = first;
            first = false;
            return HubServer.Content(request, Weights) with
            {
                CutAfter = stalls ? 1000 : int.MaxValue,
                Stalls = stalls,
            };
        };

        var found = await _visit.Model("org/m");

        Assert.Equal(Weights, File.ReadAllBytes(Path.Combine(found.Path, "model.safetensors")));
        Assert.Contains(
            $"org/m@{HubVisit.First}: model.safetensors: nothing came for 0.2 s after 1000 of 100000 bytes; going on "
            + "from there in 1 s",
            _visit.Observer.Events);
    }

    [Theory]
    [InlineData("bytes 7-99999/100000")]
    [InlineData("bytes 5000-99999/200000")]
    public async Task A_range_other_than_the_one_asked_for_is_refused(string range)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(Part)!);
        File.WriteAllBytes(Part, Weights[..5000]);
        _elsewhere.Instead = _ => new HubAnswer(206, Weights[5000..]) { Headers = [("Content-Range", range)] };

        Assert.Equal(
            $"org/m@{HubVisit.First}: model.safetensors: the hub must answer with the bytes from 5000 of 100000, "
            + $"answers with \"{range}\"; it was not kept",
            await _visit.Words("org/m"));
    }

    [Fact]
    public async Task Two_at_once_download_a_file_once()
    {
        _elsewhere.Instead = request =>
        {
            Thread.Sleep(200);
            return HubServer.Content(request, Weights);
        };
        using var other = HubLocator.CreateHttpClient();
        var second = new HubLocator(_visit.Options, other, TimeProvider.System, new SilentHubObserver());

        var found = await Task.WhenAll(
            _visit.Model("org/m"), second.ModelAsync("org/m", TestContext.Current.CancellationToken));

        Assert.Equal(found[0], found[1]);
        Assert.Single(_elsewhere.Seen);
        Assert.Equal(Weights, File.ReadAllBytes(Path.Combine(found[0].Path, "model.safetensors")));
    }

    [Fact]
    public async Task A_lock_that_another_process_holds_is_waited_for()
    {
        var path = Path.Combine(_visit.Cache, ".locks", "models--org--m", $"{Hash}.lock");
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        Task<LocatedPath> waiting;
        using (new FileStream(path, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None))
        {
            waiting = _visit.Model("org/m");
            await Task.Delay(300, TestContext.Current.CancellationToken);
            Assert.False(waiting.IsCompleted);
            Assert.Empty(_elsewhere.Seen);
        }

        await waiting;
        Assert.True(File.Exists(Blob));
    }

    [Fact]
    public async Task An_empty_file_is_a_file()
    {
        _visit.Server.Add("org/e", HubVisit.First, files: [("config.json", ""), ("model.safetensors", "")]);

        Assert.Equal("", File.ReadAllText(Path.Combine((await _visit.Model("org/e")).Path, "config.json")));
    }

    [Fact]
    public async Task A_name_that_needs_escaping_arrives()
    {
        _visit.Server.Add("org/s", HubVisit.First, files: [("a b#c%é.gguf", "x")]);

        Assert.Equal("x", File.ReadAllText((await _visit.Model("org/s:a b#c%é.gguf")).Path));
        Assert.Contains($"GET /org/s/resolve/{HubVisit.First}/a%20b%23c%25%C3%A9.gguf", _visit.Server.SeenLines);
    }

    public void Dispose()
    {
        _visit.Dispose();
        _elsewhere.Dispose();
    }
}
