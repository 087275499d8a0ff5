using Hone.Data.Hub;

namespace Hone.Data.Tests.Hub;

public sealed class HubLocatorTests : IDisposable
{
    private readonly HubVisit _visit = new();

    [Fact]
    public async Task A_model_is_downloaded_into_the_layout_of_huggingface_hub()
    {
        AddModel();
        _visit.Server.Add(
            "org/m",
            HubVisit.First,
            files: [("config.json", "{}"), ("model.safetensors", "weights"), ("onnx/model.onnx", "x")]);

        var found = await _visit.Model("org/m");

        // git's names: printf '{}' | git hash-object --stdin, and so on.
        Assert.Equal(
            [
                $"models--org--m/.hone/{HubVisit.First}.json: "
                + "[\"config.json\",\"model.safetensors\",\"onnx/model.onnx\"]",
                $"models--org--m/blobs/{HubServer.GitHash("weights"u8.ToArray())}: weights",
                "models--org--m/blobs/9e26dfeeb6e641a33dae4961196235bdb965b21b: {}",
                $"models--org--m/refs/main: {HubVisit.First}",
                $"models--org--m/snapshots/{HubVisit.First}/config.json -> "
                + "../../blobs/9e26dfeeb6e641a33dae4961196235bdb965b21b",
                $"models--org--m/snapshots/{HubVisit.First}/model.safetensors -> "
                + $"../../blobs/{HubServer.GitHash("weights"u8.ToArray())}",
            ],
            _visit.Layout());
        Assert.Equal(
            new LocatedPath(
                Path.Combine(_visit.Cache, "models--org--m", "snapshots", HubVisit.First), $"org/m@{HubVisit.First}"),
            found);
        Assert.Equal([$"org/m@{HubVisit.First}: 2 files, 9 bytes, 0 there", "finished with 9"], _visit.Observer.Events);
    }

    [Fact]
    public async Task What_is_there_is_not_asked_for_again()
    {
        AddModel();
        await _visit.Model("org/m");
        var before = _visit.Server.Seen.Count;

        await _visit.Model("org/m");

        Assert.Equal(["GET /api/models/org/m/revision/main"], _visit.Server.SeenLines.Skip(before));
    }

    [Fact]
    public async Task A_new_commit_brings_only_what_changed()
    {
        AddModel();
        await _visit.Model("org/m");
        _visit.Server.Add("org/m", HubVisit.Second, files: [("config.json", "{ }"), ("model.safetensors", "weights")]);
        var before = _visit.Server.Seen.Count;

        var found = await _visit.Model("org/m");

        Assert.EndsWith(HubVisit.Second, found.Path, StringComparison.Ordinal);
        Assert.Equal(
            [$"GET /org/m/resolve/{HubVisit.Second}/config.json"],
            _visit.Server.SeenLines.Skip(before).Where(line => line.StartsWith("GET /org", StringComparison.Ordinal)));
        Assert.Equal("weights", File.ReadAllText(Path.Combine(found.Path, "model.safetensors")));
    }

    [Theory]
    [InlineData("refs/pr/1", "GET /api/models/org/m/revision/refs%2Fpr%2F1")]
    [InlineData("v1.0", "GET /api/models/org/m/revision/v1.0")]
    [InlineData(HubVisit.First, $"GET /api/models/org/m/revision/{HubVisit.First}")]
    public async Task A_revision_is_a_branch_a_tag_a_reference_or_a_commit(string revision, string asked)
    {
        _visit.Server.Add("org/m", HubVisit.First, revision, ("config.json", "{}"), ("model.safetensors", "w"));

        var found = await _visit.Model($"org/m@{revision}");

        Assert.Equal(asked, _visit.Server.SeenLines.First());
        Assert.Equal($"org/m@{HubVisit.First}", found.Source);
        Assert.Equal(
            revision == HubVisit.First ? [] : [$"models--org--m/refs/{revision}: {HubVisit.First}"],
            _visit.Layout().Where(line => line.StartsWith("models--org--m/refs", StringComparison.Ordinal)));
    }

    [Fact]
    public async Task A_local_path_wins_and_nothing_is_asked()
    {
        var folder = Path.Combine(_visit.Cache, "..", "local");
        Directory.CreateDirectory(folder);

        Assert.Equal(new LocatedPath(folder, ""), await _visit.Model(folder));
        Assert.Equal(new LocatedPath("/no/such/path", ""), await _visit.Model("/no/such/path"));
        Assert.Empty(_visit.Server.Seen);
    }

    [Fact]
    public async Task Offline_the_cache_is_all_there_is()
    {
        AddModel();
        await _visit.Model("org/m");
        var asked = _visit.Server.Seen.Count;
        _visit.Options = _visit.Options with { IsOffline = true };

        Assert.EndsWith(HubVisit.First, (await _visit.Model("org/m")).Path, StringComparison.Ordinal);
        Assert.EndsWith(HubVisit.First, (await _visit.Model($"org/m@{HubVisit.First}")).Path, StringComparison.Ordinal);
        Assert.Equal(
            "org/other: must be in the cache while HF_HUB_OFFLINE is set, is not (CACHE); unset it to download (nor "
                + "is there a local file or folder org/other)",
            await _visit.Words("org/other"));
        Assert.Equal(asked, _visit.Server.Seen.Count);
    }

    [Fact]
    public async Task Offline_what_is_missing_of_a_commit_is_named()
    {
        AddModel();
        await _visit.Model("org/m");
        File.Delete(Path.Combine(_visit.Cache, "models--org--m", "snapshots", HubVisit.First, "model.safetensors"));
        _visit.Options = _visit.Options with { IsOffline = true };

        Assert.Equal(
            "org/m: all files must be in the cache while HF_HUB_OFFLINE is set, model.safetensors is not "
            + $"(CACHE/models--org--m/snapshots/{HubVisit.First}); unset it to download",
            await _visit.Words("org/m"));
    }

    [Fact]
    public async Task A_cache_that_huggingface_hub_filled_is_used_as_it_is()
    {
        var snapshot = Path.Combine(_visit.Cache, "models--org--m", "snapshots", HubVisit.First);
        Directory.CreateDirectory(snapshot);
        Directory.CreateDirectory(Path.Combine(_visit.Cache, "models--org--m", "refs"));
        File.WriteAllText(Path.Combine(_visit.Cache, "models--org--m", "refs", "main"), HubVisit.First);
        File.WriteAllText(Path.Combine(snapshot, "config.json"), "{}");
        File.WriteAllText(Path.Combine(snapshot, "model.safetensors"), "w");
        _visit.Options = _visit.Options with { IsOffline = true };

        Assert.Equal(snapshot, (await _visit.Model("org/m")).Path);
    }

    [Fact]
    public async Task A_hub_that_cannot_be_reached_is_no_loss_when_the_cache_has_the_model()
    {
        AddModel();
        await _visit.Model("org/m");
        _visit.Server.Instead = _ => new HubAnswer(0, []);

        Assert.EndsWith(HubVisit.First, (await _visit.Model("org/m")).Path, StringComparison.Ordinal);
        Assert.StartsWith(
            $"org/m: the hub cannot be reached, commit {HubVisit.First} of the cache is used: ",
            _visit.Observer.Events[^1],
            StringComparison.Ordinal);
    }

    [Fact]
    public async Task Where_links_are_not_wanted_the_snapshot_holds_the_files()
    {
        AddModel();
        _visit.Options = _visit.Options with { UsesLinks = false };

        var found = await _visit.Model("org/m");

        Assert.Null(new FileInfo(Path.Combine(found.Path, "config.json")).LinkTarget);
        Assert.Equal("{}", File.ReadAllText(Path.Combine(found.Path, "config.json")));
    }

    [Theory]
    [InlineData(
        "config.json model.safetensors",
        "model.fp16.safetensors consolidated.safetensors pytorch_model.bin onnx/model.onnx README.md")]
    [InlineData(
        "config.json model.safetensors.index.json model-00001-of-00002.safetensors model-00002-of-00002.safetensors",
        "consolidated.safetensors original/model.safetensors")]
    [InlineData(
        "adapter_config.json adapter_model.safetensors tokenizer.json chat_template.jinja",
        "optimizer.pt runs/events.out")]
    [InlineData("config.json model.safetensors modules.json 1_Pooling/config.json", "openvino/model.xml")]
    public async Task Of_a_model_only_what_is_needed_is_downloaded(string needed, string others)
    {
        _visit.Server.Add(
            "org/m", HubVisit.First, files: [.. $"{needed} {others}".Split(' ').Select(name => (name, "x"))]);

        var found = await _visit.Model("org/m");

        Assert.Equal(needed.Split(' ').Order(StringComparer.Ordinal), RepositoryPath.FilesBelow(found.Path));
    }

    [Theory]
    [InlineData(
        "config.json pytorch_model.bin",
        "org/m: weights must be safetensors, these are pickled; pickles can run code and are refused: look for a "
            + "converted revision (org/m@refs/pr/N), or convert them to safetensors")]
    [InlineData(
        "m-q4.gguf m-q8.gguf",
        "org/m: one of the GGUF files must be named, such as org/m:m-q4.gguf; there are m-q4.gguf, m-q8.gguf")]
    [InlineData(
        "README.md",
        "org/m: must have model.safetensors, model.safetensors.index.json or adapter_model.safetensors, has README.md")]
    public async Task A_repository_without_weights_that_can_be_read_is_refused(string files, string message)
    {
        _visit.Server.Add("org/m", HubVisit.First, files: [.. files.Split(' ').Select(name => (name, "x"))]);

        Assert.Equal(message, await _visit.Words("org/m"));
    }

    [Fact]
    public async Task A_file_or_a_folder_inside_of_a_repository_can_be_meant()
    {
        _visit.Server.Add("org/m", HubVisit.First, files:
        [
            ("m-q4.gguf", "q4"), ("step-1/config.json", "{}"), ("step-1/model.safetensors", "w"),
            ("step-1/optimizer.pt", "o"),
        ]);

        var file = await _visit.Model("org/m:m-q4.gguf");
        var folder = await _visit.Model("org/m:step-1");

        Assert.Equal("q4", File.ReadAllText(file.Path));
        Assert.Equal(["config.json", "model.safetensors"], RepositoryPath.FilesBelow(folder.Path));
        Assert.Equal("org/m:m-q5.gguf: the repository must have m-q5.gguf, has m-q4.gguf, step-1/config.json, "
            + "step-1/model.safetensors, step-1/optimizer.pt", await _visit.Words("org/m:m-q5.gguf"));
    }

    [Fact]
    public async Task Of_a_tokenizer_no_weights_are_downloaded()
    {
        _visit.Server.Add("org/m", HubVisit.First, files:
        [
            ("config.json", "{}"), ("model.safetensors", "w"), ("tokenizer.json", "{}"),
            ("tokenizer_config.json", "{}"),
        ]);

        var found = await _visit.Tokenizer("org/m");

        Assert.Equal(["tokenizer.json", "tokenizer_config.json"], RepositoryPath.FilesBelow(found.Path));
    }

    [Fact]
    public async Task Patterns_choose_what_is_pulled()
    {
        _visit.Server.Add(
            "org/m", HubVisit.First, files: [("a.json", "1"), ("b.json", "2"), ("x/c.json", "3"), ("d.bin", "4")]);
        var found = await _visit.Pull("org/m", ["*.json"], ["b*"]);

        Assert.Equal(["a.json", "x/c.json"], RepositoryPath.FilesBelow(found.Path));
        var fault = await Assert.ThrowsAsync<HubException>(() => _visit.Pull("org/m", ["*.txt"], []));
        Assert.Equal(
            "org/m: --include and --exclude must leave files, leave none of a.json, b.json, d.bin, x/c.json",
            fault.Message);
    }

    public void Dispose() => _visit.Dispose();

    private void AddModel() =>
        _visit.Server.Add("org/m", HubVisit.First, files: [("config.json", "{}"), ("model.safetensors", "weights")]);
}
