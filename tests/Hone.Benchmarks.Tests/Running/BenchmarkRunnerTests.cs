using Hone.Benchmarks.Limits;
using Hone.Benchmarks.Lines;
using Hone.Benchmarks.Machine;
using Hone.Benchmarks.Running;
using Hone.Benchmarks.Works;

namespace Hone.Benchmarks.Tests.Running;

public sealed class BenchmarkRunnerTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly ScriptedProgram _program = new();
    private readonly List<BenchmarkLine> _lines = [];
    private readonly List<string> _skipped = [];
    private readonly FakeWork _work = new("P1/L15M/fp32");

    [Fact]
    public void The_machine_is_measured_first_and_its_limits_hold_for_what_follows()
    {
        var limit =
            new Measurement(Samples.Subject("limits/gemm2048", metric: "GFLOP/s") with { Variant = "matmul_2t" }, [100],
                new Check(true, ""));
        var found = new Measurement(Samples.Subject(), [50], new Check(true, ""))
        {
            Cost = Cost.Of(new Phase { OtherFlops = 1e9 }),
            UnitsPerSecond = 50,
        };
        _program.Answer("do limits", [limit.ToJson()]);
        _program.Answer("do P1/L15M/fp32", ["something else", found.ToJson()]);

        Assert.True(Run(_work));

        Assert.Equal(["do limits", "do P1/L15M/fp32"], _program.Starts);
        Assert.Equal(["limits/gemm2048", "P1/L15M"], _lines.Select(line => line.Work));
        Assert.Equal(0.5, (double?)_lines[1].Extra["share_of_limit"]);
    }

    [Fact]
    public void A_result_that_is_wrong_makes_the_round_fail()
    {
        AnswerLimits();
        _program.Answer(
            "do P1/L15M/fp32", [new Measurement(Samples.Subject(), [50], new Check(false, "losses differ")).ToJson()]);

        Assert.False(Run(_work));

        Assert.Equal("losses differ", (string?)_lines[^1].Extra["check"]);
    }

    [Theory]
    [InlineData(1, "a\nb\nc\nd\n", false, "b\nc\nd")]
    [InlineData(137, "", false, "exit 137")]
    [InlineData(137, "words", true, "no result within 60 s")]
    [InlineData(0, "", false, "exit 0")]
    public void A_case_that_fails_leaves_a_line_with_its_last_words(
        int code, string errors, bool isTimedOut, string expected)
    {
        AnswerLimits();
        _program.Answer("do P1/L15M/fp32", [], code, errors, isTimedOut);

        Assert.False(Run(_work));

        Assert.Equal(("P1/L15M/hone/trainer/fp32", expected), (_lines[^1].Name, _lines[^1].Error));
    }

    [Fact]
    public void What_misses_something_is_passed_over_in_words()
    {
        AnswerLimits();

        Assert.True(Run(new FakeWork("P7/gpt-2/batch") { Reason = "needs the text of P7" }));

        Assert.Equal(["P7/gpt-2/batch: skipped: needs the text of P7"], _skipped);
        Assert.Equal(["do limits"], _program.Starts);
    }

    [Fact]
    public void Each_work_has_an_empty_folder_to_write_in_and_nothing_stays()
    {
        AnswerLimits();
        _program.Started = _ =>
        {
            Assert.Empty(Directory.GetFileSystemEntries(Scratch));
            File.WriteAllText(Path.Combine(Scratch, "left"), "");
        };

        Run(_work);

        Assert.False(Directory.Exists(Scratch));
    }

    [Fact]
    public void Calling_it_off_ends_the_round_and_leaves_nothing()
    {
        AnswerLimits();
        using var cancel = new CancellationTokenSource();
        _program.Started = words =>
        {
            if (words != "do limits")
            {
                cancel.Cancel();
            }
        };

        Assert.ThrowsAny<OperationCanceledException>(() => Run(cancel.Token, _work, new FakeWork("P1/L15M/bf16")));

        Assert.Equal(["do limits", "do P1/L15M/fp32"], _program.Starts);
        Assert.False(Directory.Exists(Scratch));
    }

    public void Dispose() => _folder.Dispose();

    private string Scratch => Path.Combine(_folder.Path, "scratch");

    private void AnswerLimits() =>
        _program.Answer(
            "do limits", [new Measurement(Samples.Subject("limits/barrier"), [1], new Check(true, "")).ToJson()]);

    private bool Run(params IWorkload[] works) => Run(CancellationToken.None, works);

    private bool Run(CancellationToken cancel, params IWorkload[] works)
    {
        var context = Samples.Context(_folder, _program);
        Directory.Delete(context.Scratch);
        var runner = new BenchmarkRunner(context, new LineWriter(Samples.Processor, "wall"), TimeProvider.System);
        return runner.Run(works, (work, _) => ["do", work.Name], _lines.Add, _skipped.Add, cancel);
    }

    private sealed class FakeWork(string name) : IWorkload
    {
        public string? Reason { get; init; }

        public string Name => name;

        public string Description => "nothing";

        public bool IsQuick => true;

        public TimeSpan Limit => TimeSpan.FromMinutes(1);

        public IEnumerable<CountedProduct> Products => [];

        public Subject Subject(int threads) => Samples.Subject();

        public bool IsUsual(ProcessorRecord processor) => true;

        public string? Missing(WorkContext context) => Reason;

        public IEnumerable<Measurement> Run(WorkContext context) => [];
    }
}
