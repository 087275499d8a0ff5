using System.Text.Json;
using Hone.Cli.Commands;
using Hone.Cli.Diagnosis;
using Hone.Cli.Tests.Diagnosis;
using Hone.Models.Generation;
using Hone.Torch;

namespace Hone.Cli.Tests.Commands;

public sealed class DoctorCommandTests : IDisposable
{
    private readonly StringWriter _output = new() { NewLine = "\n" };
    private readonly StringWriter _errors = new() { NewLine = "\n" };

    [Fact]
    public void A_sound_machine_and_model_are_a_table()
    {
        var model = new ModelReport("m")
        {
            Family = "llama",
            Layers = 5,
            Weights = 260032,
            StoredAs = "float32",
            Context = 512,
            Vocabulary = 512,
            TokenizerVocabulary = 512,
            Generation = new GenerationPath(false, "composed of operators, since its head is odd"),
        };

        var code = Doctor().Report(MachineReports.Sound, model, asJson: false);

        Assert.Equal(
            """
            hone       0.1.0 on .NET 10.0.0, Debian GNU/Linux 12
            processor  A processor, 2 cores: avx2 avx512 avx512_vnni avx512_bf16
            compute    bfloat16: the processor multiplies bfloat16 (avx512_bf16)
            libtorch   1.13.0, loads in 0.5 s, 2 threads, no GPU
            blas       /usr/lib/openblas-openmp/libblas.so.3
            kernels    avx512_bf16
            memory     8 GiB, 6 GiB available
            disk       40 GiB free in /home/a
            fixtures   ../shared/real, found
            model      m: llama, 5 layers, 260,032 weights in float32, context 512
            tokenizer  512 ids for a vocabulary of 512
            sampling   composed of operators, since its head is odd

            """,
            _output.ToString());
        Assert.Equal((ExitCode.Done, ""), (code, _errors.ToString()));
    }

    [Fact]
    public void A_model_folder_is_examined_down_to_its_numbers()
    {
        using var scratch = new ScratchFolder();
        TinyModel.Write(scratch.Path, 257);
        var sound = new HoneRun("doctor", scratch.Path);
        DamagedModel.PutNaN(scratch.Path);
        var damaged = new HoneRun("doctor", scratch.Path);

        // Embedding 258·32; each layer 2·32·32 + 2·32·16 (attention) + 3·32·48 (feed-forward) + 2·32 (norms); a last
        // norm of 32.
        Assert.Contains(
            $"model      {scratch.Path}: llama, 2 layers, 23,776 weights in float32, context 64\ntokenizer  258 ids "
                + "for a vocabulary of 258\nsampling   fused step; bits do not depend on the batch",
            sound.Output,
            StringComparison.Ordinal);
        Assert.Equal((ExitCode.Done, ExitCode.Done), (sound.Code, damaged.Code));
        Assert.Contains(
            "warning: weights: must be finite numbers, \"model.embed_tokens.weight\" holds NaN or infinity; "
            + "the checkpoint is damaged or its training diverged, and `hone train` refuses it\n",
            damaged.Errors,
            StringComparison.Ordinal);
    }

    [Fact]
    public void A_machine_without_libtorch_fails()
    {
        var machine = MachineReports.Sound with { Torch = null, TorchFailure = "libhone_native.so: must load" };

        var code = Doctor().Report(machine, null, asJson: false);

        Assert.Equal((ExitCode.Failed, "libhone_native.so: must load\n"), (code, _errors.ToString()));
        Assert.Contains("libtorch   does not load\n", _output.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public void Why_tiles_are_not_used_is_told()
    {
        var machine = MachineReports.Sound with { Kernels = new KernelSet("avx512_bf16", "the system does not allow") };

        Doctor().Report(machine, null, asJson: false);
        Doctor().Report(machine, null, asJson: true);

        Assert.Contains(
            "kernels    avx512_bf16, without AMX: the system does not allow\n",
            _output.ToString(),
            StringComparison.Ordinal);
        Assert.Contains(
            """"kernels":{"name":"avx512_bf16","without_amx":"the system does not allow"}"""",
            _output.ToString(),
            StringComparison.Ordinal);
    }

    [Fact]
    public void An_instruction_set_that_does_not_run_here_is_bad_input()
    {
        var machine = MachineReports.Sound with { Kernels = null, KernelFailure = "HONE_ISA: must run here" };

        var code = Doctor().Report(machine, null, asJson: false);

        Assert.Equal((ExitCode.BadInput, "HONE_ISA: must run here\n"), (code, _errors.ToString()));
        Assert.Contains("kernels    cannot be chosen\n", _output.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public void A_model_that_cannot_be_used_is_bad_input()
    {
        var code = Doctor().Report(
            MachineReports.Sound, new ModelReport("m") { Problems = ["m: must be a model folder"] }, asJson: false);

        Assert.Equal((ExitCode.BadInput, "m: must be a model folder\n"), (code, _errors.ToString()));
    }

    [Fact]
    public void The_json_is_one_object_and_carries_the_warnings()
    {
        var code = Doctor().Report(
            MachineReports.Sound with { HasFixtures = false }, new ModelReport("m"), asJson: true);

        using var json = JsonDocument.Parse(_output.ToString());
        Assert.Equal((ExitCode.Done, ""), (code, _errors.ToString()));
        Assert.Equal(
            [
                "version", "runtime", "system", "processor", "compute", "libtorch", "kernels", "memory", "disk",
                "fixtures", "model", "warnings", "problems",
            ],
            json.RootElement.EnumerateObject().Select(field => field.Name));
        Assert.Equal("bfloat16", json.RootElement.GetProperty("compute").GetProperty("dtype").GetString());
        Assert.Equal(1, json.RootElement.GetProperty("warnings").GetArrayLength());
    }

    [Fact]
    public void This_machine_is_examined_and_a_missing_model_named()
    {
        var run = new HoneRun("doctor", "/no/such/model");

        Assert.Equal(ExitCode.BadInput, run.Code);
        Assert.StartsWith($"hone       {CommandLine.Version} on .NET ", run.Output, StringComparison.Ordinal);
        Assert.Contains("model      /no/such/model: cannot be used\n", run.Output, StringComparison.Ordinal);
        Assert.Contains(
            "/no/such/model: must be a model folder, there is no such folder; check the path\n",
            run.Errors,
            StringComparison.Ordinal);
    }

    public void Dispose()
    {
        _output.Dispose();
        _errors.Dispose();
    }

    private DoctorCommand Doctor() => new(_output, _errors);
}
