using System.Diagnostics;
using System.Text.Json;
using Hone.Data.Tests.Hub;
using Hone.Models;
using Hone.Models.Adapters;
using Hone.Models.Adapters.Kinds;
using Hone.Torch;

namespace Hone.Cli.Tests.Hubs;

public sealed class HubCommandTests : IDisposable
{
    private readonly HubScene _scene = new();

    private string Snapshot => Path.Combine(_scene.Cache, "models--org--tiny", "snapshots", HubScene.Commit);

    [Fact]
    public void A_model_of_the_hub_is_generated_from_like_a_folder()
    {
        _scene.PublishModel("org/tiny");
        string[] rest = ["--prompt", "ab", "--max-new-tokens", "5", "--json"];

        var hub = _scene.Run(["generate", "org/tiny", .. rest]);
        var folder = _scene.Run(["generate", Path.Combine(_scene.Scratch.Path, "published-111"), .. rest]);

        Assert.Equal((ExitCode.Done, folder.Output), (hub.Code, hub.Output));
        Assert.StartsWith("downloading org/tiny@1111111: 5 files, ", hub.Errors, StringComparison.Ordinal);
        Assert.Contains("downloaded org/tiny@1111111: 5 files, ", hub.Errors, StringComparison.Ordinal);
    }

    [Fact]
    public void Tokens_and_scores_come_from_the_hub_too()
    {
        _scene.PublishModel("org/tiny");
        _scene.Server.Add("datasets/org/rows", HubScene.Commit, files: ("rows.jsonl", "{\"text\":\"ab\"}\n"));

        var tokens = _scene.Run("tokenize", "org/tiny", "--input", "org/rows");
        var scores = _scene.Run("score", "org/tiny@main", "--input", "org/rows:rows.jsonl", "--json");

        Assert.Equal((ExitCode.Done, "3 tokens: 256=<s> 97=a 98=b\n"), (tokens.Code, tokens.Output));
        Assert.Equal(ExitCode.Done, scores.Code);
        Assert.StartsWith("{\"tokens\":[256,97,98],\"log_probs\":[null,", scores.Output, StringComparison.Ordinal);
    }

    [Fact]
    public void An_adapter_brings_its_model_from_the_hub_and_may_itself_be_there()
    {
        _scene.PublishModel("org/tiny");
        var model = Path.Combine(_scene.Scratch.Path, "published-111");
        var adapter = Path.Combine(_scene.Scratch.Path, "adapter");
        using (var scope = TensorScope.Open())
        {
            using var loaded = ModelFolder.Load(model);
            var config = new LoraConfig
            {
                Rank = 2,
                Initial = LoraInitial.Random,
                Targets = ModuleTargets.Of("q_proj"),
                BaseModel = "org/tiny",
            };
            using var fresh = Adapter.Create(loaded.Decoder, config, seed: 1);
            fresh.Save(adapter);
        }

        _scene.Publish("org/polite", adapter);
        string[] rest = ["--prompt", "ab", "--max-new-tokens", "5", "--json"];

        var expected = _scene.Run(["generate", model, "--adapter", adapter, .. rest]);
        var local = _scene.Run(["generate", adapter, .. rest]);
        var both = _scene.Run(["generate", "org/polite", .. rest]);
        var named = _scene.Run(["generate", "org/tiny", "--adapter", "org/polite=1", .. rest]);

        Assert.Equal(ExitCode.Done, expected.Code);
        Assert.All([local, both, named], run => Assert.Equal((ExitCode.Done, expected.Output), (run.Code, run.Output)));
        Assert.StartsWith("downloading org/tiny@1111111: 5 files, ", local.Errors, StringComparison.Ordinal);
        Assert.StartsWith("downloading org/polite@1111111: 2 files, ", both.Errors, StringComparison.Ordinal);
        Assert.NotEqual(expected.Output, _scene.Run(["generate", model, .. rest]).Output);
    }

    [Fact]
    public void Pulling_prints_the_folder_of_the_snapshot()
    {
        _scene.PublishModel("org/tiny").Files["pytorch_model.bin"] = [1];

        var run = _scene.Run("pull", "org/tiny");

        Assert.Equal((ExitCode.Done, $"{Snapshot}\n"), (run.Code, run.Output));
        Assert.Equal(
            ["config.json", "generation_config.json", "model.safetensors", "tokenizer.json", "tokenizer_config.json"],
            Directory.GetFiles(Snapshot).Select(Path.GetFileName).Order(StringComparer.Ordinal));
        Assert.Equal(
            $"{{\"name\":\"org/tiny\",\"type\":\"model\",\"commit\":\"{HubScene.Commit}\","
            + $"\"folder\":\"{Snapshot}\"}}\n",
            _scene.Run("pull", "org/tiny", "--json").Output);
    }

    [Fact]
    public void A_data_set_is_pulled_whole_or_in_part()
    {
        _scene.Server.Add("datasets/org/d", HubScene.Commit, "v2", ("a/1.csv", "x\n1\n"), ("b/2.csv", "x\n2\n"));

        var part = _scene.Run("pull", "org/d", "--type", "dataset", "--revision", "v2", "--include", "a/*");

        var folder = part.Output.TrimEnd();
        Assert.True(File.Exists(Path.Combine(folder, "a", "1.csv")));
        Assert.False(Directory.Exists(Path.Combine(folder, "b")));
        Assert.Equal(part.Output, _scene.Run("pull", "org/d@v2", "--type", "dataset", "--exclude", "a/").Output);
        Assert.True(File.Exists(Path.Combine(folder, "b", "2.csv")));
    }

    [Fact]
    public void What_is_not_there_is_bad_input_and_a_network_that_fails_is_not()
    {
        var missing = _scene.Run("generate", "org/nothing", "--prompt", "a");
        _scene.Server.Instead = _ => new HubAnswer(429, []) { Headers = [("Retry-After", "3600")] };
        var busy = _scene.Run("pull", "org/nothing");
        var offline = _scene.RunWith("HF_HUB_OFFLINE", "1", "pull", "org/nothing");

        Assert.Equal(
            (ExitCode.BadInput,
                $"org/nothing: must be a model of {_scene.Server.Address} that you may read, the hub answers 404 "
                + "NotFound; check the spelling, and set HF_TOKEN if the repository is private (nor is there a local "
                + "file or folder org/nothing)\n"),
            (missing.Code, missing.Errors));
        Assert.Equal(
            (ExitCode.Failed,
                $"{_scene.Server.Address}/api/models/org/nothing/revision/main: must answer soon, answers 429 "
                + "TooManyRequests and asks to wait 3600 s; try again then\n"),
            (busy.Code, busy.Errors));
        Assert.Equal(
            (ExitCode.BadInput,
                $"org/nothing: must be in the cache while HF_HUB_OFFLINE is set, is not ({_scene.Cache}); unset it to "
                + "download\n"),
            (offline.Code, offline.Errors));
    }

    [Theory]
    [InlineData("pull a/b/c", "a/b/c: must be the name of a repository, org/name or org/name@revision, of letters, "
        + "digits, \"-\", \"_\" and \".\"")]
    [InlineData("pull org/m --type space", "hone pull: --type: must be model or dataset, got space")]
    [InlineData("cache rm org/m", "org/m: must be in the cache, is not; `hone cache ls` lists what is")]
    public void What_cannot_be_followed_is_refused(string words, string message)
    {
        var run = _scene.Run(words.Split(' '));

        Assert.Equal((ExitCode.BadInput, message), (run.Code, run.Errors.Split('\n')[0]));
    }

    [Fact]
    public void The_cache_is_listed_and_made_room_in()
    {
        _scene.Server.Add("org/m", HubScene.Commit, files: ("tokenizer.json", "{}"));
        _scene.Run("pull", "org/m");
        _scene.Server.Add("org/m", HubScene.Later, files: ("tokenizer.json", "[1,2]"));
        _scene.Run("pull", "org/m");
        _scene.Server.Add("datasets/org/m", HubScene.Commit, files: ("a.csv", "x\n1\n"));
        _scene.Run("pull", "org/m", "--type", "dataset");

        Assert.Equal(
            "model    org/m         7 B  1111111, 2222222 main\ndataset  org/m         4 B  1111111 main\n11 B in "
            + "all\n",
            _scene.Run("cache", "ls").Output);
        var first = JsonDocument.Parse(_scene.Run("cache", "ls", "--json").Output.Split('\n')[0]).RootElement;
        Assert.Equal(
            ["name", "type", "folder", "bytes", "partial_bytes", "revisions"],
            first.EnumerateObject().Select(field => field.Name));

        Assert.Equal(
            "org/m: must be one of a model and a data set of that name; add --type\n",
            _scene.Run("cache", "rm", "org/m").Errors);
        Assert.Equal(
            "org/m@v9: must be a revision that the cache has, is none; `hone cache ls` lists them\n",
            _scene.Run("cache", "rm", "org/m@v9", "--type", "model").Errors);
        Assert.Equal(
            "removed org/m@1111111, 2 B\n", _scene.Run("cache", "rm", "org/m@1111111", "--type", "model").Output);
        Assert.Equal("removed org/m, 5 B\n", _scene.Run("cache", "rm", "org/m", "--type", "model").Output);
        Assert.Equal("dataset  org/m         4 B  1111111 main\n4 B in all\n", _scene.Run("cache", "ls").Output);
    }

    [Fact]
    public void A_run_trains_on_the_hub_s_model_and_rows_and_goes_on_with_the_same_commits()
    {
        _scene.PublishModel("org/tiny");
        var rows = string.Concat(Enumerable.Range(0, 20).Select(row => $"{{\"text\":\"row {row} of twenty\"}}\n"));
        _scene.Server.Add("datasets/org/rows", HubScene.Commit, files: [("train.jsonl", rows), ("test.jsonl", rows)]);
        var recipe = _scene.Scratch.File("sft.yaml", """
            method: sft
            seed: 1
            steps: 2
            output: OUTPUT
            threads: 1
            model: {path: org/tiny}
            data: {train: {path: org/rows, split: train}, max_length: 32}
            batch: {rows_per_step: 4, tokens_per_micro_batch: 64}
            """.Replace("OUTPUT", Path.Combine(_scene.Scratch.Path, "run"), StringComparison.Ordinal));

        var plan = _scene.Run("plan", recipe, "--json");
        var first = _scene.Run("train", recipe, "--json");

        Assert.Equal((ExitCode.Done, ExitCode.Done), (plan.Code, first.Code));
        var output = Path.Combine(_scene.Scratch.Path, "run");
        var record = JsonDocument.Parse(File.ReadAllBytes(Path.Combine(output, "run.json"))).RootElement[0];
        Assert.Equal(
            $"{{\"org/tiny\":\"org/tiny@{HubScene.Commit}\",\"org/rows\":\"org/rows@{HubScene.Commit}\"}}",
            JsonSerializer.Serialize(record.GetProperty("sources")));
        Assert.Contains(
            "path: \"org/tiny\"", File.ReadAllText(Path.Combine(output, "recipe.yaml")), StringComparison.Ordinal);
        Assert.True(File.Exists(Path.Combine(output, "final", "tokenizer.json")));

        // The hub goes on; the run does not take notice.
        _scene.PublishModel("org/tiny", HubScene.Later);
        _scene.Server.Add("datasets/org/rows", HubScene.Later, files: ("train.jsonl", "{}"));
        var resumed = _scene.Run("train", recipe, "--resume", "--set", "steps=3", "--json");
        Assert.Equal((ExitCode.Done, ""), (resumed.Code, resumed.Errors));
        Assert.False(Directory.Exists(Path.Combine(_scene.Cache, "models--org--tiny", "snapshots", HubScene.Later)));
    }

    [Fact]
    public void A_download_that_is_interrupted_goes_on_where_it_was()
    {
        var weights = new byte[1 << 20];
        var repository = _scene.Server.Add("org/big", HubScene.Commit, files: ("config.json", "{}"));
        repository.Files["model.safetensors"] = weights;
        _scene.Server.Instead = request =>
            request is { Method: "GET", From: null } && request.Path.EndsWith(
                "model.safetensors", StringComparison.Ordinal)
                ? HubServer.Content(request, weights) with { CutAfter = 700_000, Stalls = true }
                : null;
        var part = Path.Combine(_scene.Cache, "models--org--big", "blobs", $"{HubServer.GitHash(weights)}.incomplete");

        using (var process = Start("pull", "org/big"))
        {
            SpinWait.SpinUntil(
                () => File.Exists(part) && new FileInfo(part).Length == 700_000, TimeSpan.FromSeconds(60));
            using var kill = Process.Start("kill", ["-INT", $"{process.Id}"]);
            process.WaitForExit();
            Assert.Equal(
                (130, "interrupted"), (process.ExitCode, process.StandardError.ReadToEnd().TrimEnd().Split('\n')[^1]));
        }

        Assert.Equal(700_000, new FileInfo(part).Length);
        Assert.Equal(ExitCode.Done, _scene.Run("pull", "org/big").Code);
        Assert.Equal(700_000, _scene.Server.Seen[^1].From);
    }

    [Fact]
    public void Several_processes_download_a_file_once()
    {
        var weights = new byte[1 << 20];
        var repository = _scene.Server.Add("org/big", HubScene.Commit, files: ("config.json", "{}"));
        repository.Files["model.safetensors"] = weights;
        _scene.Server.Instead = request =>
        {
            if (request is { Method: "GET" } && request.Path.EndsWith("model.safetensors", StringComparison.Ordinal))
            {
                Thread.Sleep(1000);
            }

            return null;
        };

        var processes = Enumerable.Range(0, 3).Select(_ => Start("pull", "org/big")).ToList();
        foreach (var process in processes)
        {
            process.WaitForExit();
            Assert.Equal(0, process.ExitCode);
            process.Dispose();
        }

        Assert.Single(_scene.Server.SeenLines, line => line.StartsWith("GET", StringComparison.Ordinal)
            && line.EndsWith("model.safetensors", StringComparison.Ordinal));
    }

    public void Dispose() => _scene.Dispose();

    private Process Start(params string[] words)
    {
        var start = HoneProcess.StartInfo(Path.Combine(AppContext.BaseDirectory, "hone.dll"), words);
        foreach (var (name, value) in _scene.Variables)
        {
            start.Environment[name] = value;
        }

        return Process.Start(start)!;
    }
}
