using System.Text;
using Hone.Text.Patterns;

namespace Hone.Text.Tests.Patterns;

public sealed class BlankPatternTests
{
    [Theory]
    [InlineData(BlankRunPattern.Text)]
    [InlineData(BlankEdgePattern.Text)]
    public void Blanks_are_found_where_the_pattern_finds_them(string pattern)
    {
        var scanner = PatternLibrary.Compile(pattern, RegexSyntax.Oniguruma);
        var general = new RegexPattern(pattern, RegexSyntax.Oniguruma);
        Assert.IsNotType<RegexPattern>(scanner);
        var random = new Random(5);
        for (var round = 0; round < 20_000; round++)
        {
            var text = Encoding.UTF8.GetBytes(string.Concat(
                Enumerable.Range(0, random.Next(12)).Select(_ => "     \n\n\ra\t\u00a0"[random.Next(11)])));

            Assert.Equal(Matches(general, text), Matches(scanner, text));
        }
    }

    [Fact]
    public void Where_edges_are_those_of_the_text_the_general_engine_matches() =>
        Assert.IsType<RegexPattern>(PatternLibrary.Compile(BlankEdgePattern.Text, RegexSyntax.Rust));

    private static List<(int Start, int End)> Matches(IPattern pattern, byte[] text)
    {
        List<(int Start, int End)> matches = [];
        for (var from = 0; from <= text.Length && pattern.Find(text, from, out var start, out var end); from = end)
        {
            matches.Add((start, end));
        }

        return matches;
    }
}
