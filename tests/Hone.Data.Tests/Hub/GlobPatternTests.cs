using Hone.Data.Hub;

namespace Hone.Data.Tests.Hub;

public sealed class GlobPatternTests
{
    [Theory]
    [InlineData("*.json", "a/b.json", true)]
    [InlineData("onnx/", "onnx/a/b", true)]
    [InlineData("onnx/", "onnx", false)]
    [InlineData("model-?.bin", "model-1.bin", true)]
    [InlineData("model-[!12].bin", "model-1.bin", false)]
    [InlineData("model-[0-9].bin", "model-7.bin", true)]
    [InlineData("a+b(c).x", "a+b(c).x", true)]
    [InlineData("A.json", "a.json", false)]
    public void Patterns_of_the_command_line_match_across_folders(string pattern, string path, bool matches) =>
        Assert.Equal(matches, GlobPattern.Anywhere(pattern)(path));

    [Theory]
    [InlineData("*.json", "a/b.json", false)]
    [InlineData("**/*.json", "b.json", true)]
    [InlineData("**/*.json", "a/c/b.json", true)]
    [InlineData("a/**", "a/c/b.json", true)]
    [InlineData("data/train-*", "data/train-1.parquet", true)]
    [InlineData("data/train-*", "data/train-1/x.parquet", false)]
    [InlineData("[", "[", true)]
    public void Patterns_of_data_sets_stay_in_a_folder(string pattern, string path, bool matches) =>
        Assert.Equal(matches, GlobPattern.ByFolder(pattern)(path));

    [Fact]
    public void A_hostile_pattern_takes_no_longer_than_others() =>
        Assert.False(GlobPattern.Anywhere(string.Concat(Enumerable.Repeat("*a", 200)) + "b")(new string('a', 5000)));
}
