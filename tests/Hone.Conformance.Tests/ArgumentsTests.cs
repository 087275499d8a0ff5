namespace Hone.Conformance.Tests;

public sealed class ArgumentsTests
{
    [Fact]
    public void An_empty_value_counts_as_not_given()
    {
        using var goldens = new GoldenFolder();

        var arguments = Arguments.Parse(["--goldens", goldens.Path, "--area", "", "--case", "x*", "--real", "/a:/b"]);

        Assert.Null(arguments.Area);
        Assert.Equal("/a", arguments.Real);
        Assert.Equal("x*", arguments.Case);
        Assert.Equal(["/a", "/b"], arguments.Fixtures.Take(2));
        Assert.Equal(Path.GetFullPath(Path.Combine(goldens.Path, "..", "real")), arguments.Fixtures[2]);
    }

    [Fact]
    public void The_references_of_real_models_are_judged_only_when_their_folder_is_named()
    {
        using var goldens = new GoldenFolder();

        Assert.Null(Arguments.Parse(["--goldens", goldens.Path, "--real", ""]).Real);
    }

    [Theory]
    [InlineData("--goldens: must be a folder of areas, found \"/nowhere\"", "--goldens", "/nowhere")]
    [InlineData("--area: must be followed by a value, found the end of the line", "--area")]
    [InlineData("--fast: must be --goldens, --area, --case, --real, --floors or --name-skipped", "--fast")]
    public void What_cannot_be_understood_is_refused(string message, params string[] words) =>
        Assert.Equal(message, Assert.Throws<ArgumentException>(() => Arguments.Parse(words)).Message);
}
