using System.Diagnostics;
using System.Text.Json.Nodes;
using Hone.Benchmarks.Limits;
using Hone.Benchmarks.Lines;
using Hone.Benchmarks.Running;

namespace Hone.Benchmarks.Tests.Lines;

public sealed class LineWriterTests
{
    private readonly LineWriter _writer = new(Samples.Processor, "wall");

    [Fact]
    public void A_line_has_the_fields_of_the_peers_lines()
    {
        var found = new Measurement(Samples.Subject(), [100, 130, 110], new Check(true, "losses agree"))
        {
            Extra = new JsonObject { ["losses"] = new JsonArray(10.5, 10.25) },
            PeakBytes = 852L << 20,
            Versions = new Dictionary<string, string> { ["hone"] = "1.2.3" },
        };

        Assert.Equal(
            """
            {"name":"P1/L15M/hone/trainer/fp32","work":"P1/L15M","impl":"hone","variant":"trainer","precision":"fp32","metric":"tokens/s","better":"higher","threads":2,"settings":{"steps":3},"allocator":"tuned","clock":"wall","cpu":{"model":"Test CPU","cores":4,"avx2":"yes","avx512f":"yes","avx512_vnni":"no","avx512_bf16":"yes","amx":"no","amx_bf16":"no"},"load_before":0.25,"started":"2026-02-03T04:05:06Z","repetitions":3,"median":110,"min":100,"max":130,"samples":[100,130,110],"extra":{"losses":[10.5,10.25],"check":"losses agree","check_holds":true},"peak_rss_mb":852,"versions":{"hone":"1.2.3"},"wall_s":2,"cpu_s":4,"others_cpu":0.012}
            """,
            _writer.Of(found, new MachineLimits(), Samples.Around).ToString());
    }

    [Fact]
    public void A_case_that_failed_has_its_last_words_instead_of_figures()
    {
        var line = _writer.OfFailure(Samples.Subject(), "out of memory", Samples.Around);

        Assert.Equal("out of memory", line.Error);
        Assert.Null(line.Figures);
        Assert.False(line.IsGood);
        Assert.DoesNotContain("median", line.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public void Versions_that_one_process_told_stand_in_the_lines_of_all()
    {
        var versions = new Dictionary<string, string> { ["libtorch"] = "1.13.0" };
        _writer.Of(new Measurement(Samples.Subject(), [1], new Check(true, "")) { Versions = versions },
            new MachineLimits(), Samples.Around);

        var line = _writer.Of(
            new Measurement(Samples.Subject(), [1], new Check(true, "")), new MachineLimits(), Samples.Around);

        Assert.Equal("1.13.0", (string?)line.Fields["versions"]?["libtorch"]);
    }

    [Fact]
    public void Seconds_that_pass_in_another_process_are_wall_seconds_in_any_round()
    {
        var writer = new LineWriter(Samples.Processor, "cpu");

        Assert.Equal("cpu", (string?)writer.OfFailure(Samples.Subject(), "", Samples.Around).Fields["clock"]);
        Assert.Equal(
            "wall", (string?)writer.OfFailure(
                Samples.Subject() with { IsAlwaysWall = true }, "", Samples.Around).Fields["clock"]);
    }

    [Fact]
    public void A_measurement_survives_the_way_from_one_process_to_the_other()
    {
        var found = new Measurement(Samples.Subject(metric: "s"), [1.5, 2], new Check(false, "a \"quoted\" reason, µ"))
        {
            Cost = Cost.Of(
                new Phase
                {
                    Products = [new CountedProduct(new MatrixProduct(ProductKind.Input, 2, 3, 4), 0.5)],
                    OtherFlops = 6,
                    Bytes = 7,
                }),
            UnitsPerSecond = 8,
            PeakBytes = 9,
            CpuSeconds = 10,
            Extra = new JsonObject { ["a"] = 1 },
        };

        var read = Measurement.Parse(found.ToJson())!;

        Assert.Equal(found.ToJson(), read.ToJson());
        Assert.Equal((2 * 2 * 3 * 4 * 0.5) + 6, read.Cost!.TotalFlops());
        Assert.DoesNotContain('\n', found.ToJson());
    }

    [Fact]
    public void What_is_no_measurement_is_not_taken_for_one() => Assert.Null(Measurement.Parse("loading the model…"));

    [Fact]
    public async Task The_peers_script_sets_our_lines_beside_its_own()
    {
        var peers = Path.Combine(Repository.Root, "bench", "peers");
        using var folder = new TemporaryFolder();
        var own = Path.Combine(folder.Path, "hone.jsonl");
        var found =
            new Measurement(Samples.Subject(), [2000, 2210, 2300], new Check(true, "")) { PeakBytes = 911L << 20 };
        var failed = Samples.Subject("P1/L110M");
        await File.WriteAllLinesAsync(own, [
            _writer.Of(found, new MachineLimits(), Samples.Around).ToString(),
            _writer.OfFailure(failed, "it broke", Samples.Around).ToString(),
        ], TestContext.Current.CancellationToken);

        var output = await Python(Path.Combine(peers, "compare.py"), Path.Combine(peers, "results", "zen5.jsonl"), own);

        // Against torch by hand: 2210 / 1703 in fp32, 2210 / 3612 in any precision, 1729 MiB / 911 MiB.
        var row =
            Assert.Single(
                output.Split('\n'), line => line.Contains("hone trainer", StringComparison.Ordinal)
                    && line.Contains("P1/L15M", StringComparison.Ordinal));
        Assert.Equal(
            ["P1/L15M", "hone trainer", "fp32", "2210 (2000..2300) tokens/s", "2", "911", "1.30x", "0.61x", "1.90x",
                "other CPU or threads"],
            row.Trim('|', ' ').Split('|').Select(cell => cell.Trim()));
        Assert.Contains("failed: it broke", output, StringComparison.Ordinal);
    }

    private static async Task<string> Python(params string[] words)
    {
        Process? process;
        try
        {
            process = Process.Start(new ProcessStartInfo("python3", words) { RedirectStandardOutput = true });
        }
        catch (System.ComponentModel.Win32Exception)
        {
            Assert.Skip("there is no python3 to run compare.py with");
            throw;
        }

        using (process)
        {
            var output = await process!.StandardOutput.ReadToEndAsync(TestContext.Current.CancellationToken);
            await process.WaitForExitAsync(TestContext.Current.CancellationToken);
            Assert.Equal(0, process.ExitCode);
            return output;
        }
    }
}
