using Hone.Conformance.Checking;
using Hone.Conformance.Goldens;

namespace Hone.Conformance.Tests;

public sealed class ConformanceRunTests
{
    private const string TwoCases =
        """[{"name": "a", "path": "x.jsonl", "line": 1}, {"name": "b", "path": "x.jsonl", "line": 2}]""";

    [Fact]
    public void Cases_pass_fail_or_are_skipped_and_each_is_counted()
    {
        using var goldens = new GoldenFolder()
            .With("preference/index.json", """
                [{"name": "a", "path": "x.jsonl", "line": 1},
                 {"name": "b", "path": "x.jsonl", "line": 2},
                 {"name": "c", "path": "y.jsonl", "line": 1}]
                """)
            .With("preference/x.jsonl", """
                {"name": "a", "inputs": {"value": 2}, "expected": {"double": 4}}
                {"name": "b", "inputs": {"value": 2}, "expected": {"double": 5}}
                """)
            .With("preference/y.jsonl", """{"name": "c"}""");

        var (tally, text) = Run(goldens);

        Assert.Equal(new Tally(1, 1, 1), tally);
        Assert.Equal(
            """
            FAIL preference x.jsonl b: expected.double: expected 5, got 4, difference 1, tolerance exact
            skipped preference y: 1 (no check for this kind)
            preference: 1 passed, 1 failed, 1 skipped
            1 passed, 1 failed, 1 skipped

            """,
            text);
    }

    [Fact]
    public void An_entry_whose_record_is_missing_fails()
    {
        using var goldens = new GoldenFolder()
            .With("preference/index.json", TwoCases)
            .With("preference/x.jsonl", """{"name": "a", "inputs": {"value": 2}, "expected": {"double": 4}}""");

        var (tally, text) = Run(goldens);

        Assert.Equal(new Tally(1, 1, 0), tally);
        Assert.Contains("x.jsonl: the index asks for line 2, the file has 1", text, StringComparison.Ordinal);
    }

    [Fact]
    public void A_file_that_does_not_parse_fails()
    {
        using var goldens = new GoldenFolder().With("preference/index.json", TwoCases).With("preference/x.jsonl", "{");

        var (tally, text) = Run(goldens);

        Assert.Equal(new Tally(0, 2, 0), tally);
        Assert.Contains("x.jsonl: must be strict JSON", text, StringComparison.Ordinal);
    }

    [Fact]
    public void A_field_that_the_check_needs_and_the_record_lacks_fails()
    {
        using var goldens = new GoldenFolder()
            .With("preference/index.json", """[{"name": "a", "path": "x.jsonl", "line": 1}]""")
            .With("preference/x.jsonl", """{"name": "a", "inputs": {}, "expected": {"double": 4}}""");

        var (tally, text) = Run(goldens);

        Assert.Equal(new Tally(0, 1, 0), tally);
        Assert.Contains(
            "a: record: inputs.value: the check needs this field, the record lacks it", text, StringComparison.Ordinal);
    }

    [Fact]
    public void A_check_that_compares_nothing_fails()
    {
        using var goldens = new GoldenFolder()
            .With("preference/index.json", """[{"name": "a", "path": "x.jsonl", "line": 1}]""")
            .With("preference/x.jsonl", """{"name": "a", "inputs": {"value": 1}, "expected": {}}""");

        var (tally, text) = Run(goldens);

        Assert.Equal(new Tally(0, 1, 0), tally);
        Assert.Contains("a: the check compared nothing", text, StringComparison.Ordinal);
    }

    [Fact]
    public void One_case_can_be_asked_for()
    {
        using var goldens = new GoldenFolder()
            .With("preference/index.json", TwoCases)
            .With("preference/x.jsonl", """
                {"name": "a", "inputs": {"value": 2}, "expected": {"double": 4}}
                {"name": "b", "inputs": {"value": 2}, "expected": {"double": 5}}
                """);

        var (tally, _) = Run(goldens, "--case", "a");

        Assert.Equal(new Tally(1, 0, 0), tally);
    }

    [Fact]
    public void An_area_that_judges_fewer_cases_than_before_fails()
    {
        using var goldens = new GoldenFolder()
            .With("floors.json", """{"preference": 2}""")
            .With("preference/index.json", """[{"name": "a", "path": "x.jsonl", "line": 1}]""")
            .With("preference/x.jsonl", """{"name": "a", "inputs": {"value": 2}, "expected": {"double": 4}}""");

        var (tally, text) = Run(goldens, "--floors", Path.Combine(goldens.Path, "floors.json"));

        Assert.Equal(new Tally(1, 1, 0), tally);
        Assert.Contains(
            "FAIL preference floors.json floor: expected at least 2 judged cases, got 1",
            text,
            StringComparison.Ordinal);
    }

    private static (Tally Tally, string Text) Run(GoldenFolder goldens, params string[] more)
    {
        using var output = new StringWriter { NewLine = "\n" };
        var arguments = Arguments.Parse(["--goldens", goldens.Path, .. more]);
        var tally = new ConformanceRun(arguments, new CheckList([new DoubleCheck()]), output).Run();
        return (tally, output.ToString());
    }

    /// <summary>Stands for a product that doubles numbers.</summary>
    private sealed class DoubleCheck : ICheck
    {
        public string Area => "preference";

        public IReadOnlyList<string> Kinds => ["x"];

        public void Run(GoldenCase golden, Findings findings)
        {
            var doubled = golden.Inputs["value"].Number * 2;
            if (golden.Expected.Value("double") is { } expected)
            {
                findings.Close(expected, doubled, Tolerance.Exact);
            }
        }
    }
}
