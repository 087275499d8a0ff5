using System.Net;
using System.Text;

namespace Hone.Data.Tests.Hub;

/// <summary>What the hub refuses, and what it answers that it should not.</summary>
public sealed class HubRefusalTests : IDisposable
{
    private const string Nor = " (nor is there a local file or folder org/m)";

    private readonly HubVisit _visit = new();

    [Theory]
    [InlineData(401, "", "", "",
        "org/m: must be a model of HUB that you may read, the hub answers 401 Unauthorized; check the spelling, and "
        + "set HF_TOKEN if the repository is private" + Nor)]
    [InlineData(401, "", "", "hf_x",
        "org/m: must be a model of HUB that you may read, the hub answers 401 Unauthorized; check the spelling, and "
        + "that the account of HF_TOKEN may read it" + Nor)]
    [InlineData(401, "", "Invalid credentials in Authorization header", "hf_x",
        "org/m: the token must be one that HUB knows, it is refused; set HF_TOKEN to a valid one, or unset it for what "
        + "everybody may read" + Nor)]
    [InlineData(404, "RepoNotFound", "Repository not found", "",
        "org/m: must be a model of HUB that you may read, the hub answers 404 NotFound; check the spelling, and set "
        + "HF_TOKEN if the repository is private" + Nor)]
    [InlineData(404, "RevisionNotFound", "Invalid rev id", "",
        "org/m: must be a revision of org/m, there is no branch, tag or commit \"main\"; HUB/org/m lists them" + Nor)]
    [InlineData(403, "GatedRepo", "Access to model org/m is restricted", "hf_x",
        "org/m: its owners must have let you in, they have not; open HUB/org/m in a browser, log in, accept what is "
        + "asked there, and see that HF_TOKEN is a token of that account which may read gated repositories" + Nor)]
    [InlineData(401, "GatedRepo", "", "",
        "org/m: its owners must have let you in, they have not; open HUB/org/m in a browser, log in, accept what is "
        + "asked there, and set HF_TOKEN to a token of that account (https://huggingface.co/settings/tokens)" + Nor)]
    [InlineData(403, "", "no inference permission", "hf_x",
        "org/m: the token must allow reading it, HUB answers 403 Forbidden (no inference permission); give the token "
        + "that right, or ask the owner" + Nor)]
    [InlineData(418, "", "", "", "org/m: HUB must answer with what was asked for, answers 418 418" + Nor)]
    public async Task A_refusal_says_what_to_do(int status, string code, string said, string token, string message)
    {
        _visit.Options = _visit.Options with { Token = token.Length == 0 ? null : token };
        _visit.Server.Instead = _ =>
            new HubAnswer(status, []) { Headers = [("X-Error-Code", code), ("X-Error-Message", said)] };

        Assert.Equal(message, await _visit.Words("org/m"));
        Assert.Single(_visit.Server.Seen);
    }

    [Fact]
    public async Task A_gated_file_is_told_by_its_name()
    {
        _visit.Server.Add("org/m", HubVisit.First, files: ("model.safetensors", "w"));
        _visit.Server.Instead = request => request.Method == "HEAD"
            ? new HubAnswer(403, []) { Headers = [("X-Error-Code", "GatedRepo")] }
            : null;

        Assert.StartsWith(
            $"org/m@{HubVisit.First}: model.safetensors: its owners must have let you in, they have not; open "
            + "HUB/org/m in a browser",
            await _visit.Words("org/m"),
            StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("Retry-After", "7", 7)]
    [InlineData("RateLimit", "\"api\";r=0;t=55", 55)]
    [InlineData("X-Other", "", 1)]
    public async Task Too_many_requests_are_waited_for_as_long_as_the_server_asks(
        string header, string value, double pause)
    {
        AddModel();
        var isFirst = true;
        _visit.Server.Instead = _ =>
        {
            var refuses = isFirst;
            isFirst = false;
            return refuses ? new HubAnswer(429, []) { Headers = [(header, value)] } : null;
        };

        await _visit.Model("org/m");

        Assert.Equal(pause, _visit.Time.Seconds[0]);
        Assert.Equal(
            $"HUB/api/models/org/m/revision/main: answers 429 TooManyRequests; trying again in {pause} s",
            _visit.Plain(_visit.Observer.Events[0]));
    }

    [Fact]
    public async Task Patience_with_too_many_requests_has_an_end()
    {
        _visit.Server.Instead = _ => new HubAnswer(429, []);

        Assert.Equal(
            "HUB/api/models/org/m/revision/main: must answer, answers 429 TooManyRequests 6 times; try again later"
            + Nor,
            await _visit.Words("org/m", isTransient: true));
        Assert.Equal([1.0, 2, 4, 8, 8], _visit.Time.Seconds);
    }

    [Fact]
    public async Task A_pause_of_an_hour_is_not_waited_for()
    {
        _visit.Server.Instead = _ => new HubAnswer(429, []) { Headers = [("Retry-After", "3600")] };

        Assert.Equal(
            "HUB/api/models/org/m/revision/main: must answer soon, answers 429 TooManyRequests and asks to wait 3600 "
            + "s; try again then" + Nor,
            await _visit.Words("org/m", isTransient: true));
        Assert.Single(_visit.Server.Seen);
    }

    [Theory]
    [InlineData(500)]
    [InlineData(502)]
    [InlineData(503)]
    [InlineData(504)]
    public async Task A_server_in_trouble_is_asked_again(int status)
    {
        AddModel();
        var failures = 3;
        _visit.Server.Instead = _ => failures-- > 0 ? new HubAnswer(status, []) : null;

        await _visit.Model("org/m");

        Assert.Equal([1.0, 2, 4], _visit.Time.Seconds.Take(3));
    }

    [Fact]
    public async Task Nobody_listening_is_told_in_words()
    {
        var address = _visit.Server.Address;
        _visit.Server.StopListening();

        var fault = await _visit.Refusal("org/m", isTransient: true);
        Assert.Equal(
            $"{address}/api/models/org/m/revision/main: must be reachable, is not: no connection; check the network, "
            + "or set HF_HUB_OFFLINE=1 to use only what is in the cache" + Nor,
            fault.Message);
    }

    [Fact]
    public async Task A_server_that_hangs_up_is_told_in_words()
    {
        _visit.Server.Instead = _ => new HubAnswer(0, []);

        Assert.Equal(
            "HUB/api/models/org/m/revision/main: must be reachable, is not: the connection ends before the answer; "
            + "check the network, or set HF_HUB_OFFLINE=1 to use only what is in the cache" + Nor,
            await _visit.Words("org/m", isTransient: true));
    }

    [Theory]
    [InlineData("{", "must answer with JSON, did not: ")]
    [InlineData("<html>", "must answer with JSON, did not: ")]
    [InlineData("[]", "\"sha\" must be a commit of 40 hexadecimal digits, got nothing")]
    [InlineData("{\"sha\":\"../../x\"}", "\"sha\" must be a commit of 40 hexadecimal digits, got \"../../x\"")]
    [InlineData("{\"sha\":\"COMMIT\"}", "\"siblings\" must be a list of files, got nothing")]
    [InlineData("{\"sha\":\"COMMIT\",\"siblings\":[{\"name\":\"a\"}]}", "a file of \"siblings\" must have "
        + "\"rfilename\", got nothing")]
    [InlineData(
        "{\"sha\":\"COMMIT\",\"siblings\":[{\"rfilename\":\"../../evil\"}]}",
        "files must lie inside the repository, \"../../evil\" would not; nothing was written")]
    [InlineData(
        "{\"sha\":\"COMMIT\",\"siblings\":[{\"rfilename\":\"/etc/passwd\"}]}",
        "files must lie inside the repository, \"/etc/passwd\" would not; nothing was written")]
    public async Task A_listing_that_is_none_is_refused(string listing, string message)
    {
        _visit.Server.Instead = _ => new HubAnswer(
            200, Encoding.UTF8.GetBytes(listing.Replace("COMMIT", HubVisit.First, StringComparison.Ordinal)));

        Assert.StartsWith(
            $"HUB/api/models/org/m/revision/main: {message}", await _visit.Words("org/m"), StringComparison.Ordinal);
        Assert.False(Directory.Exists(_visit.Cache));
    }

    [Fact]
    public async Task A_listing_without_an_end_is_refused()
    {
        _visit.Server.Instead = _ => new HubAnswer(200, new byte[1 << 20]) { IsEndless = true };

        Assert.Equal(
            "HUB/api/models/org/m/revision/main: must answer with 67108864 bytes at most, sends more" + Nor,
            await _visit.Words("org/m"));
    }

    [Fact]
    public async Task A_listing_that_breaks_off_is_asked_for_again()
    {
        AddModel();
        var isFirst = true;
        _visit.Server.Instead = request =>
        {
            var breaks = isFirst;
            isFirst = false;
            return breaks ? new HubAnswer(200, new byte[100]) { CutAfter = 10 } : null;
        };

        Assert.EndsWith(HubVisit.First, (await _visit.Model("org/m")).Path, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_listing_of_another_commit_than_asked_for_is_refused()
    {
        _visit.Server.Instead = _ => new HubAnswer(
            200, Encoding.UTF8.GetBytes($"{{\"sha\":\"{HubVisit.Second}\",\"siblings\":[]}}"));

        Assert.StartsWith(
            $"HUB/api/models/org/m/revision/{HubVisit.First}: must answer for the commit that was asked for, answers "
            + $"for {HubVisit.Second}",
            await _visit.Words($"org/m@{HubVisit.First}"),
            StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("ETag", "\"abc\"", "Content-Length", "1",
        "the hub must name the file's hash in X-Linked-Etag or ETag (SHA-256, or git's SHA-1), says \"abc\"; what "
        + "cannot be checked is not downloaded")]
    [InlineData("X-Other", "", "Content-Length", "1",
        "the hub must name the file's hash in X-Linked-Etag or ETag (SHA-256, or git's SHA-1), names none; what "
        + "cannot be checked is not downloaded")]
    [InlineData("ETag", "\"9e26dfeeb6e641a33dae4961196235bdb965b21b\"", "X-Linked-Size", "many",
        "the hub must say how many bytes the file has in X-Linked-Size or Content-Length, does not")]
    [InlineData("ETag", "\"9e26dfeeb6e641a33dae4961196235bdb965b21b\"", "X-Repo-Commit", HubVisit.Second,
        "must be of the commit that was asked for, is of " + HubVisit.Second)]
    public async Task A_file_that_is_not_described_is_not_downloaded(
        string name, string value, string other, string second, string message)
    {
        _visit.Server.Add("org/m", HubVisit.First, files: ("model.safetensors", "w"));
        _visit.Server.Instead = request => request.Method == "HEAD"
            ? new HubAnswer(200, []) { Headers = [(name, value), (other, second)] }
            : null;

        Assert.Equal($"org/m@{HubVisit.First}: model.safetensors: {message}", await _visit.Words("org/m"));
    }

    [Theory]
    [InlineData("/moved", "HUB/api/models/org/m/revision/main: must lead to a file, redirects more than 10 times")]
    [InlineData("ftp://x/y", "HUB/api/models/org/m/revision/main: must redirect to an address as safe as its own, "
        + "redirects to ftp://x/y")]
    public async Task Redirections_end(string target, string message)
    {
        _visit.Server.Instead = _ => new HubAnswer(302, []) { Headers = [("Location", target)] };

        Assert.Equal(message + Nor, await _visit.Words("org/m"));
    }

    [Fact]
    public async Task A_repository_that_was_renamed_is_followed()
    {
        AddModel();
        _visit.Server.Instead = request => request.Path.Contains("/org/old", StringComparison.Ordinal)
            ? new HubAnswer((int)HttpStatusCode.TemporaryRedirect, [])
            {
                Headers = [("Location", request.Path.Replace("/org/old", "/org/m", StringComparison.Ordinal))],
            }
            : null;

        var found = await _visit.Model("org/old");

        Assert.Equal("weights", File.ReadAllText(Path.Combine(found.Path, "model.safetensors")));
    }

    public void Dispose() => _visit.Dispose();

    private void AddModel() =>
        _visit.Server.Add("org/m", HubVisit.First, files: [("config.json", "{}"), ("model.safetensors", "weights")]);
}
