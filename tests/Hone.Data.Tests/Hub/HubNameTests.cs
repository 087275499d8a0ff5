using Hone.Data.Hub;

namespace Hone.Data.Tests.Hub;

public sealed class HubNameTests
{
    [Theory]
    [InlineData("org/name", "org/name", "main", "")]
    [InlineData("org/name@v1.0", "org/name", "v1.0", "")]
    [InlineData("org/name@refs/pr/1", "org/name", "refs/pr/1", "")]
    [InlineData("org/name:data/train-*.jsonl", "org/name", "main", "data/train-*.jsonl")]
    [InlineData("Org-1/na_me.v2@main:a b.gguf", "Org-1/na_me.v2", "main", "a b.gguf")]
    public void A_name_has_an_id_and_perhaps_a_revision_and_a_path(
        string text, string id, string revision, string path) =>
        Assert.Equal(new HubName(HubKind.Model, id, revision, path), HubName.TryParse(text, HubKind.Model));

    [Theory]
    [InlineData("name")]
    [InlineData("/abs/path")]
    [InlineData("./org/name")]
    [InlineData("../shared/real")]
    [InlineData("a/b/c")]
    [InlineData("org/na--me")]
    [InlineData("org/na..me")]
    [InlineData("org/name.git")]
    [InlineData("org/.name")]
    [InlineData("org/name@")]
    [InlineData("org/name@../x")]
    [InlineData("org/name@/x")]
    [InlineData("org/name:../x")]
    [InlineData("org/name:/etc/passwd")]
    [InlineData("org/na*e")]
    [InlineData("org/name\n")]
    [InlineData("")]
    public void What_breaks_the_rules_of_the_hub_is_no_name(string text) =>
        Assert.Null(HubName.TryParse(text, HubKind.Model));

    [Fact]
    public void Where_nothing_else_can_stand_a_bare_name_will_do()
    {
        Assert.Equal("models--gpt2", HubName.Parse("gpt2", HubKind.Model).CacheFolder);
        Assert.Equal("datasets--org--name", HubName.Parse("org/name", HubKind.Dataset).CacheFolder);
        var fault = Assert.Throws<HubException>(() => HubName.Parse("a/b/c", HubKind.Model));
        Assert.Equal(
            "a/b/c: must be the name of a repository, org/name or org/name@revision, of letters, digits, \"-\", \"_\" "
            + "and \".\"",
            fault.Message);
    }

    [Fact]
    public void A_name_is_written_as_it_is_read()
    {
        Assert.Equal("org/name", $"{HubName.Parse("org/name@main", HubKind.Model)}");
        Assert.Equal("org/name@v1:x.gguf", $"{HubName.Parse("org/name@v1:x.gguf", HubKind.Model)}");
    }

    [Theory]
    [InlineData("a/b.json", true)]
    [InlineData("a/../b", false)]
    [InlineData("..", false)]
    [InlineData("/a", false)]
    [InlineData("a//b", false)]
    [InlineData("a/", false)]
    [InlineData("a\\b", false)]
    [InlineData("C:/a", false)]
    [InlineData("a\0b", false)]
    [InlineData("./a", false)]
    [InlineData("", false)]
    public void A_path_is_safe_when_it_stays_below_its_folder(string path, bool isSafe) =>
        Assert.Equal(isSafe, RepositoryPath.IsSafe(path));
}
