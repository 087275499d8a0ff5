using System.Diagnostics;
using System.Text.Json;

namespace Hone.Cli.Tests.Commands;

public sealed class BenchCommandTests : IDisposable
{
    private readonly ScratchFolder _scratch = new();

    [Fact]
    public void Works_are_listed_one_a_line()
    {
        var run = new HoneRun("bench", "ls");

        Assert.Equal(ExitCode.Done, run.Code);
        Assert.Contains(
            "P1/L15M/fp32                quick    supervised fine-tuning of L15M, 8 sequences a step, fp32\n",
            run.Output,
            StringComparison.Ordinal);
    }

    [Fact]
    public void Works_are_listed_as_objects_for_programs()
    {
        var lines = new HoneRun("bench", "ls", "--json").Output.Split('\n', StringSplitOptions.RemoveEmptyEntries);

        using var first = JsonDocument.Parse(lines[0]);
        Assert.Equal("limits", first.RootElement.GetProperty("name").GetString());
        Assert.Equal("quick", first.RootElement.GetProperty("round").GetString());
    }

    [Fact]
    public void A_work_that_does_not_exist_is_refused_before_anything_is_measured()
    {
        var run = new HoneRun("bench", "P1/L15N", "--json");

        Assert.Equal((ExitCode.BadInput, ""), (run.Code, run.Output));
        Assert.Equal("hone bench: must be given names of works, P1/L15N is none; did you mean P1/L15M?\n", run.Errors);
    }

    [Fact]
    public void A_folder_of_peers_that_is_not_there_is_refused()
    {
        var run = new HoneRun("bench", "limits", "--peers", "nowhere");

        Assert.Equal(
            (ExitCode.BadInput, "",
                "--peers: nowhere: must be the working folder of bench/peers/run_all.sh, there is no such folder; "
                    + "check the path\n"),
            (run.Code, run.Output, run.Errors));
    }

    [Theory]
    [InlineData("hone bench: --clock: must be wall or cpu, got sun\nsee `hone bench --help`\n", "bench",
        "--clock", "sun")]
    [InlineData("hone bench: --threads: must be a whole number from 1, got 0\nsee `hone bench --help`\n", "bench",
        "--threads", "0")]
    public void Options_out_of_range_are_refused(string expected, params string[] words)
    {
        var run = new HoneRun(words);

        Assert.Equal((ExitCode.BadInput, expected), (run.Code, run.Errors));
    }

    [Fact]
    public void A_table_goes_between_the_marks_of_a_document()
    {
        var lines = _scratch.File("lines.jsonl", """
            {"name":"P1/X/hone/trainer/fp32","work":"P1/X","impl":"hone","variant":"trainer","precision":"fp32","metric":"tokens/s","better":"higher","threads":2,"cpu":{"model":"A CPU","cores":2,"avx2":"yes"},"started":"2026-02-03T04:05:06Z","median":50,"min":40,"max":60,"extra":{"check_holds":true},"peak_rss_mb":9,"versions":{"hone":"1"},"others_cpu":0}
            """);
        var document = _scratch.File("page.md",
            "# Page\n<!-- written by hone bench table -->\nold\n<!-- end of what hone bench table wrote -->\n");

        var run = new HoneRun("bench", "table", lines, "--into", document);

        Assert.Equal((ExitCode.Done, "", ""), (run.Code, run.Output, run.Errors));
        Assert.Equal(
            """
            # Page
            <!-- written by hone bench table -->

            Measured 2026-02-03T04:05:06Z on A CPU, 2 cores (avx2); hone 1.

            ### Supervised fine-tuning

            | work | precision | threads | median (min…max) | share of the limit | peak MiB |
            |---|---|---|---|---|---|
            | `P1/X` trainer | fp32 | 2 | 50 (40…60) tokens/s |  | 9 |

            <!-- end of what hone bench table wrote -->

            """.ReplaceLineEndings("\n"),
            File.ReadAllText(document));
        Assert.Equal(2, Directory.GetFiles(_scratch.Path).Length);
    }

    [Theory]
    [InlineData("[]")]
    [InlineData("{")]
    [InlineData("""{"name": "a", "work": "P1/X", "impl": "hone", "variant": 3}""")]
    [InlineData("""{"text": "another file"}""")]
    public void Lines_that_are_none_are_refused_with_their_place(string line)
    {
        var lines = _scratch.File("lines.jsonl", $"\n{line}\n");

        Assert.Equal(
            $"{lines}:2: must be a line of `hone bench --json`, an object with name, work, impl and variant, is none; "
                + "look at the file\n",
            new HoneRun("bench", "table", lines).Errors);
        Assert.Equal(
            $"{_scratch.Path}/none: must be a file, there is none; check the path\n",
            new HoneRun("bench", "table", $"{_scratch.Path}/none").Errors);
    }

    [Fact]
    public void Stopping_leaves_whole_lines_and_nothing_else()
    {
        var start = HoneProcess.StartInfo(
            Path.Combine(AppContext.BaseDirectory, "hone.dll"),
            ["bench", "limits", "--quick", "--json", "--threads", "1", "--work", _scratch.Path]);
        using var process = Process.Start(start)!;
        using (var first = JsonDocument.Parse(process.StandardOutput.ReadLine()!))
        {
            Assert.Equal("limits/gemm2048/hone/matmul_1t/fp32", first.RootElement.GetProperty("name").GetString());
            Assert.True(first.RootElement.GetProperty("extra").GetProperty("check_holds").GetBoolean());
        }

        using var kill = Process.Start("kill", ["-INT", $"{process.Id}"]);
        var rest = process.StandardOutput.ReadToEnd();
        var errors = process.StandardError.ReadToEnd();
        process.WaitForExit();

        Assert.Equal((130, "interrupted\n"), (process.ExitCode, errors));
        Assert.All(rest.Split('\n', StringSplitOptions.RemoveEmptyEntries), line => JsonDocument.Parse(line).Dispose());
        Assert.Empty(Directory.GetFileSystemEntries(Path.Combine(_scratch.Path, "scratch")));
    }

    public void Dispose() => _scratch.Dispose();
}
