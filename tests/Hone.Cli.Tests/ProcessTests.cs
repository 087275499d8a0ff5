using System.Diagnostics;
using Hone.Torch;

namespace Hone.Cli.Tests;

/// <summary>Runs <c>hone</c> as a process of its own.</summary>
public sealed class ProcessTests : IDisposable
{
    private const string Unknown =
        "HONE_ISA: must be portable, avx2, avx512, avx512_vnni, avx512_bf16 or amx, got modelled_amx\n";

    private readonly ScratchFolder _scratch = new();

    [Fact]
    public void What_needs_no_tensor_works_without_libtorch_and_the_rest_says_what_is_missing()
    {
        // All of the program but its native library, which is the only way to libtorch.
        var files = Directory.GetFiles(AppContext.BaseDirectory);
        foreach (var file in files.Where(file => Path.GetFileName(file) != "libhone_native.so"))
        {
            File.Copy(file, Path.Combine(_scratch.Path, Path.GetFileName(file)));
        }

        TinyTokenizer.Write(_scratch.Path);
        var program = Path.Combine(_scratch.Path, "hone.dll");

        Assert.Equal((0, $"hone {CommandLine.Version}\n", ""), Run(program, "--version"));
        Assert.Equal((0, "2 tokens: 256=<s> 97=a\n", ""), Run(program, "tokenize", _scratch.Path, "--text", "a"));
        Assert.Equal(0, Run(program, "recipes", "ls").Code);

        TinyModel.Write(Path.Combine(_scratch.Path, "model"), stopTokens: 257);
        _scratch.File("rows.jsonl", "{\"text\":\"a row\"}\n");
        var recipe = _scratch.File("plan.yaml", """
            method: sft
            seed: 1
            steps: 2
            output: run
            model: {path: "${recipe}/model"}
            data: {train: {path: "${recipe}/rows.jsonl"}, max_length: 32}
            """);
        var plan = Run(program, "plan", recipe);
        Assert.Equal((0, "method   sft"), (plan.Code, plan.Output.Split('\n')[0]));

        var (code, _, errors) = Run(program, "doctor");
        Assert.Equal(1, code);
        Assert.Contains("libhone_native.so: must load together with libtorch", errors, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("INT", 130)]
    [InlineData("KILL", 137)]
    public void A_run_that_was_stopped_goes_on_to_the_same_weights(string signal, int code)
    {
        var recipe = TinyRecipe.Write(_scratch, steps: 60);
        var program = Path.Combine(AppContext.BaseDirectory, "hone.dll");
        string[] Words(string output) => ["train", recipe, "--set", $"output={_scratch.Path}/{output}", "--json"];

        Assert.Equal(0, Run(program, Words("whole")).Code);
        using (var process = Start(program, Words("broken")))
        {
            const string third = "{\"event\":\"step\",\"step\":3,";
            while (process.StandardOutput.ReadLine() is { } line && !line.StartsWith(third, StringComparison.Ordinal))
            {
            }

            using var kill = Process.Start("kill", [$"-{signal}", $"{process.Id}"]);
            var rest = process.StandardOutput.ReadToEnd();
            process.WaitForExit();
            Assert.Equal(signal == "INT", rest.Contains("\"interrupted\":true", StringComparison.Ordinal));
            Assert.Equal(code, process.ExitCode);
        }

        Assert.Equal(0, Run(program, [.. Words("broken"), "--resume"]).Code);
        Assert.Equal(
            File.ReadAllBytes(Path.Combine(_scratch.Path, "whole", "final", "model.safetensors")),
            File.ReadAllBytes(Path.Combine(_scratch.Path, "broken", "final", "model.safetensors")));
    }

    [Fact]
    public void An_instruction_set_is_taken_from_the_environment_where_it_runs()
    {
        var (code, output, errors) = Doctor("portable");
        Assert.Equal((0, ""), (code, errors.Contains("HONE_ISA", StringComparison.Ordinal) ? errors : ""));
        Assert.Contains("kernels    portable", output, StringComparison.Ordinal);

        // The model of AMX's tiles is for tests alone.
        (code, output, errors) = Doctor("modelled_amx");
        Assert.Equal(2, code);
        Assert.Contains("kernels    cannot be chosen\n", output, StringComparison.Ordinal);
        Assert.Contains(Unknown, errors, StringComparison.Ordinal);

        Assert.SkipWhen(Processor.Detect().AmxBFloat16, "the processor has AMX");
        (code, _, errors) = Doctor("amx");
        Assert.Equal(2, code);
        Assert.Contains(
            "HONE_ISA: must be an instruction set that runs here, got amx: the ", errors, StringComparison.Ordinal);
    }

    [Fact]
    public void A_run_on_an_instruction_set_that_does_not_run_here_leaves_no_folder()
    {
        var recipe = TinyRecipe.Write(_scratch, steps: 2);

        var run = RunWith("modelled_amx", "train", recipe, "--set", $"output={_scratch.Path}/run");

        Assert.Equal((2, "", Unknown), run);
        Assert.False(Directory.Exists(Path.Combine(_scratch.Path, "run")));
    }

    public void Dispose() => _scratch.Dispose();

    private static (int Code, string Output, string Errors) Doctor(string isa) => RunWith(isa, "doctor");

    private static (int Code, string Output, string Errors) RunWith(string isa, params string[] words)
    {
        var start = HoneProcess.StartInfo(Path.Combine(AppContext.BaseDirectory, "hone.dll"), words);
        start.Environment["HONE_ISA"] = isa;
        return Run(start);
    }

    private static Process Start(string program, params string[] words) =>
        Process.Start(HoneProcess.StartInfo(program, words))!;

    private static (int Code, string Output, string Errors) Run(string program, params string[] words) =>
        Run(HoneProcess.StartInfo(program, words));

    private static (int Code, string Output, string Errors) Run(ProcessStartInfo start)
    {
        using var process = Process.Start(start)!;
        var errors = process.StandardError.ReadToEndAsync();
        var output = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        return (process.ExitCode, output, errors.GetAwaiter().GetResult());
    }
}
