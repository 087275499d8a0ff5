using System.Text.Json;
using Hone.Models;
using Hone.Models.Adapters;
using Hone.Models.Adapters.Kinds;
using Hone.Torch;

namespace Hone.Cli.Tests.Commands;

public sealed class AdapterCommandTests : IDisposable
{
    private readonly ScratchFolder _scratch = new();
    private readonly string _model;
    private readonly string _adapter;

    public AdapterCommandTests()
    {
        _model = Path.Combine(_scratch.Path, "model");
        _adapter = Path.Combine(_scratch.Path, "adapter");
        TinyModel.Write(_model, stopTokens: 257);
        using var scope = TensorScope.Open();
        using var model = ModelFolder.Load(_model);
        using var adapter = Adapter.Create(
            model.Decoder,
            new LoraConfig
            {
                Rank = 2,
                Alpha = 8,
                Initial = LoraInitial.Random,
                Targets = ModuleTargets.Of("q_proj"),
                BaseModel = _model,
            },
            seed: 1);
        adapter.Save(_adapter);
    }

    [Fact]
    public void A_list_says_kind_model_modules_and_sizes()
    {
        var run = new HoneRun("adapter", "ls", _adapter);

        // A 2·32 and B 32·2 of each of two layers, float32.
        Assert.Equal(
            $"{_adapter}\n  kind     LORA, rank 2, alpha 8\n  model    {_model}\n  on       2 modules: 2 q_proj\n"
            + "  holds    4 tensors, 256 numbers, 1 KiB\n",
            run.Output);
        Assert.Equal((ExitCode.Done, ""), (run.Code, run.Errors));
    }

    [Fact]
    public void A_list_for_programs_is_one_object_a_folder()
    {
        using var json = JsonDocument.Parse(new HoneRun("adapter", "ls", _adapter, "--json").Output);

        Assert.Equal(
            ["path", "kind", "base_model", "modules", "tensors", "parameters", "bytes", "config"],
            json.RootElement.EnumerateObject().Select(field => field.Name));
        Assert.Equal(256, json.RootElement.GetProperty("parameters").GetInt64());
        Assert.Equal(2, json.RootElement.GetProperty("config").GetProperty("r").GetInt32());
    }

    [Fact]
    public void A_merged_model_says_what_the_adapted_one_says()
    {
        var merged = Path.Combine(_scratch.Path, "merged");

        var run = new HoneRun("adapter", "merge", _model, _adapter, "--output", merged, "--json");

        using var json = JsonDocument.Parse(run.Output);
        Assert.InRange(json.RootElement.GetProperty("parity").GetProperty("max_logit_difference").GetDouble(), 0, 1e-4);
        Assert.Equal(Scores(_model, "--adapter", _adapter), Scores(merged), Close);
        Assert.Equal(Scores(_adapter), Scores(merged), Close);
        Assert.NotEqual(Scores(_model), Scores(merged), Close);
    }

    [Fact]
    public void Weights_add_up()
    {
        Assert.Equal(Scores(_model), Scores(_model, "--adapter", $"{_adapter}=0"), Close);
        Assert.NotEqual(
            Scores(_model, "--adapter", $"{_adapter}=0.5"), Scores(_model, "--adapter", _adapter), Close);
    }

    [Fact]
    public void A_model_in_four_bits_says_something_near_and_with_an_adapter_something_else()
    {
        string[] coded = ["--quantisation", "nf4", "--double-quantisation"];
        var (plain, near) = (Scores(_model), Scores(_model, coded));
        var adapted = Scores(_adapter, coded);
        var text = new HoneRun(["generate", _adapter, .. coded, "--prompt", "ab", "--max-new-tokens", "4", "--json"]);

        Assert.InRange(plain.Zip(near).Max(pair => Math.Abs(pair.First - pair.Second)), 1e-4f, 1f);
        Assert.NotEqual(near, adapted, Close);
        Assert.Equal((ExitCode.Done, ""), (text.Code, text.Errors));
        Assert.Equal(
            (ExitCode.BadInput, "--double-quantisation: must go with --quantisation, which is missing\n"),
            Ended(new HoneRun("generate", _model, "--double-quantisation", "--prompt", "a")));
    }

    [Fact]
    public void The_model_of_an_adapter_may_be_a_GGUF_file()
    {
        var file = Path.Combine(_scratch.Path, "model.gguf");
        var named = Path.Combine(_scratch.Path, "named");
        var export = new HoneRun("export", _model, "--output", file, "--format", "gguf", "--type", "f32");
        Directory.CreateDirectory(named);
        const string weights = "adapter_model.safetensors";
        File.Copy(Path.Combine(_adapter, weights), Path.Combine(named, weights));
        var config = File.ReadAllText(Path.Combine(_adapter, "adapter_config.json"));
        File.WriteAllText(Path.Combine(named, "adapter_config.json"), config.Replace(_model, file));

        Assert.Equal(ExitCode.Done, export.Code);
        Assert.Equal(Scores(_model, "--adapter", _adapter), Scores(file, "--adapter", _adapter), Close);
        Assert.Equal(Scores(_model, "--adapter", _adapter), Scores(named), Close);
    }

    [Fact]
    public void Several_become_one()
    {
        var one = Path.Combine(_scratch.Path, "one");

        var run = new HoneRun("adapter", "combine", $"{_adapter}=0.5", $"{_adapter}=0.25", "--output", one);

        Assert.Equal((ExitCode.Done, ""), (run.Code, run.Errors));
        Assert.StartsWith($"{one}\n  kind     LORA, rank 4, alpha 4\n", run.Output, StringComparison.Ordinal);
        Assert.Equal(Scores(_model, "--adapter", $"{_adapter}=0.75"), Scores(one), Close);
    }

    [Theory]
    [InlineData("--rank: must go with --kind svd or ties_svd, got --kind cat", "--rank", "3")]
    [InlineData(
        "--density: must go with --kind ties, ties_svd or magnitude_prune, got --kind svd",
        "--density", "0.5", "--kind", "svd")]
    [InlineData("--density: must be given above 0 with --kind ties, such as 0.5", "--kind", "ties")]
    [InlineData(
        "--votes: must go with --kind ties or ties_svd, got --kind linear", "--votes", "total", "--kind", "linear")]
    public void An_option_that_does_nothing_is_refused(string message, params string[] options)
    {
        var one = Path.Combine(_scratch.Path, "one");

        var run = new HoneRun(["adapter", "combine", _adapter, _adapter, "--output", one, .. options]);

        Assert.Equal((ExitCode.BadInput, $"{message}\n"), Ended(run));
        Assert.False(Directory.Exists(one));
    }

    [Fact]
    public void What_is_no_weight_and_no_adapter_is_refused()
    {
        var weight = new HoneRun("generate", _model, "--adapter", $"{_adapter}=half", "--prompt", "a");
        var folder = new HoneRun("adapter", "ls", _model);

        Assert.Equal(
            (ExitCode.BadInput, $"--adapter: must be DIR or DIR=WEIGHT with a number, got {_adapter}=half\n"),
            (weight.Code, weight.Errors));
        Assert.Equal(ExitCode.BadInput, folder.Code);
        Assert.StartsWith($"{_model}/adapter_config.json: ", folder.Errors, StringComparison.Ordinal);
    }

    [Fact]
    public void An_adapter_brings_the_chat_template_that_it_was_trained_with()
    {
        File.WriteAllText(Path.Combine(_adapter, "chat_template.jinja"), "a{{ messages[0].content }}b");
        var asked = _scratch.File("asked.json", """[{"role": "user", "content": "x"}]""");
        string[] more = ["--messages", asked, "--max-new-tokens", "1", "--json"];

        var alone = new HoneRun(["generate", _adapter, .. more]);
        var added = new HoneRun(["generate", _model, "--adapter", _adapter, .. more]);

        using var json = JsonDocument.Parse(alone.Output);
        Assert.Equal("axb", json.RootElement.GetProperty("prompt").GetString());
        Assert.Equal((alone.Output, ""), (added.Output, added.Errors));
    }

    public void Dispose() => _scratch.Dispose();

    private float[] Scores(string model, params string[] more)
    {
        var rows = _scratch.File("rows.jsonl", """{"text": "abc abd"}""");
        var run = new HoneRun(["score", model, .. more, "--input", rows, "--json"]);
        Assert.Equal("", run.Errors);
        using var json = JsonDocument.Parse(run.Output);
        return [.. json.RootElement.GetProperty("log_probs").EnumerateArray().Skip(1).Select(one => one.GetSingle())];
    }

    private static (ExitCode Code, string Errors) Ended(HoneRun run) => (run.Code, run.Errors);

    private static bool Close(float a, float b) => Math.Abs(a - b) <= 1e-4f;
}
