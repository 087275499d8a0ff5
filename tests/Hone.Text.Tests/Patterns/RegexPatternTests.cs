using System.Text;
using Hone.Text.Patterns;

namespace Hone.Text.Tests.Patterns;

public sealed class RegexPatternTests
{
    [Theory]
    [InlineData("}")]
    [InlineData(@"\p{L}")]
    [InlineData(@"\P{L}")]
    [InlineData(@"\w\W\S")]
    [InlineData(@"[^\p{L}]")]
    public void Memory_grows_with_the_length_of_a_class_alone(string part)
    {
        var pattern = $"[{string.Concat(Enumerable.Repeat(part, 4000))}]";
        _ = new RegexPattern(part, RegexSyntax.Oniguruma); // the tables of Unicode are made once

        var before = GC.GetAllocatedBytesForCurrentThread();
        _ = new RegexPattern(pattern, RegexSyntax.Oniguruma);

        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 16 << 20);
    }

    [Theory]
    [InlineData("a+", "baac", "aa")]
    [InlineData("a+?", "baac", "a|a")]
    [InlineData("a{2}", "aaaaa", "aa|aa")]
    [InlineData("a{,2}b", "aaab", "aab")]
    [InlineData("a{x}", "a{x}", "a{x}")]
    [InlineData("a|ab", "ab", "a")]
    [InlineData("(?:a|ab)c", "abc", "abc")]
    [InlineData("(?>a|ab)c", "abc ac", "ac")]
    [InlineData("a++a", "aaa", "")]
    [InlineData("(?i)straße", "STRAßE", "STRAßE")]
    [InlineData("(?i:'s)", "'s 'S 'ſ", "'s|'S|'ſ")]
    [InlineData("[^a-c&&[^b]]", "abcde", "b|d|e")]
    [InlineData("[a-z&&[^aeiou]]+", "hello", "h|ll")]
    [InlineData(@"[\p{L}--]+", "a-b", "a-b")]
    [InlineData(@"\p{Han}+", "a漢字b", "漢字")]
    [InlineData(@"\p{^L}+|\P{N}", "a1", "a|1")]
    [InlineData(@"\x{1F600}|\u00e9", "é😀", "é|😀")]
    [InlineData("^b", "a\nb", "b")]
    [InlineData("a$", "a\nb", "a")]
    [InlineData(@"\Ab", "a\nb", "")]
    [InlineData(@"\bcat\b", "cat concat cat", "cat|cat")]
    [InlineData("(?<=a)b", "ab cb", "b")]
    [InlineData("(?<!a)b", "ab cb", "b")]
    [InlineData("(?<=ab|c)d", "abd cd ad", "d|d")]
    [InlineData(@"\s+(?!\S)", "a   b ", "  | ")]
    [InlineData("(a?)*b", "aab", "aab")]
    [InlineData("[[:alpha:]]+", "ab1", "ab")]
    [InlineData("𝟘+", "x𝟘𝟘", "𝟘𝟘")]
    [InlineData("a{1,2}+", "aaaaa", "aaaaa")]
    public void A_pattern_finds_what_Oniguruma_finds(string pattern, string text, string matches) =>
        Assert.Equal(matches, string.Join('|', AllMatches(new RegexPattern(pattern, RegexSyntax.Oniguruma), text)));

    [Theory]
    [InlineData("a{1,2}+", "aaaaa", "aa|aa|a")]
    [InlineData("^b", "a\nb", "")]
    [InlineData("a$", "a\nb", "")]
    public void A_pattern_of_tiktoken_finds_what_Rust_finds(string pattern, string text, string matches) =>
        Assert.Equal(matches, string.Join('|', AllMatches(new RegexPattern(pattern, RegexSyntax.Rust), text)));

    [Theory]
    [InlineData("(", "lacks a \")\" (at character 1)")]
    [InlineData("a)", "has a \")\" too many (at character 1)")]
    [InlineData("*", "has nothing to repeat before \"*\" (at character 1)")]
    [InlineData("[a", "ends too early (at character 2)")]
    [InlineData(@"(a)\1", "refers back to a group, which is not supported (at character 5)")]
    [InlineData(@"\p{Klingon}", "names the property \"Klingon\", which is not known (at character 11)")]
    [InlineData("[b-a]", "has a range in a class that falls (at character 4)")]
    [InlineData("a{5,2}", "repeats from 5 to 2 times, which must rise and stay within 1000 (at character 6)")]
    public void A_broken_pattern_is_refused_in_words(string pattern, string problem)
    {
        var fault = Assert.Throws<FormatException>(() => new RegexPattern(pattern, RegexSyntax.Oniguruma));

        Assert.Equal($"the pattern \"{pattern}\" {problem}", fault.Message);
    }

    [Fact]
    public void A_pattern_that_unfolds_without_end_is_refused()
    {
        var fault = Assert.Throws<FormatException>(
            () => new RegexPattern("((a{1,1000}){1,1000}){1,1000}", RegexSyntax.Oniguruma));

        Assert.StartsWith("the pattern is too large", fault.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_long_pattern_of_many_repetitions_is_no_deep_one() =>
        Assert.NotEmpty(AllMatches(
            new RegexPattern(string.Concat(Enumerable.Repeat("a?", 500)), RegexSyntax.Oniguruma), "aaa"));

    [Fact]
    public void A_pattern_that_nests_without_end_is_refused()
    {
        var fault = Assert.Throws<FormatException>(
            () => new RegexPattern(new string('(', 10_000), RegexSyntax.Oniguruma));

        Assert.Contains("nests deeper than 100 groups", fault.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_search_that_would_take_for_ever_is_ended()
    {
        var pattern = new RegexPattern("(a|a)*b", RegexSyntax.Oniguruma);

        var fault = Assert.Throws<TokenizerException>(() => AllMatches(pattern, new string('a', 100)));

        Assert.Equal("the pattern \"(a|a)*b\": a search through 100 bytes takes too many steps", fault.Message);
    }

    [Theory]
    [InlineData(@"\s+$")]
    [InlineData("^ +| +$")]
    public void Failing_runs_are_not_searched_again_from_inside(string pattern)
    {
        // A run of n blanks that does not end the text: from each of n starts n steps would be 10^10, beyond what a
        // search may take.
        Assert.Empty(
            AllMatches(new RegexPattern(pattern, RegexSyntax.Oniguruma), "x" + new string(' ', 100_000) + "x"));
    }

    private static List<string> AllMatches(RegexPattern pattern, string text)
    {
        var bytes = Encoding.UTF8.GetBytes(text);
        List<string> matches = [];
        var from = 0;
        while (from < bytes.Length && pattern.Find(bytes, from, out var start, out var end))
        {
            matches.Add(Encoding.UTF8.GetString(bytes[start..end]));
            from = Math.Max(end, from + 1);
        }

        return matches;
    }
}
