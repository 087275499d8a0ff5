using Hone.Data.Hub;

namespace Hone.Data.Tests.Hub;

public sealed class CacheContentsTests : IDisposable
{
    private readonly HubVisit _visit = new();

    [Fact]
    public async Task What_the_cache_holds_is_listed()
    {
        await Fill();

        var all = new CacheContents(_visit.Cache).List();

        Assert.Equal(
            [("org/d", HubKind.Dataset, 4L), ("org/m", HubKind.Model, 17L)], all.Select(
                one => (one.Id, one.Kind, one.Bytes)));
        Assert.Equal(7, all[1].PartialBytes);
        Assert.Equal(
            [(HubVisit.First, "", 2, 8L), (HubVisit.Second, "main", 2, 8L)],
            all[1].Revisions.Select(one => (one.Commit, string.Join(' ', one.Refs), one.Files, one.Bytes)));
    }

    [Fact]
    public async Task Of_a_commit_that_is_removed_others_keep_what_they_share()
    {
        await Fill();
        var contents = new CacheContents(_visit.Cache);
        var model = contents.List()[1];

        // The first commit has "{}" for itself; "weight" is shared, and the cut-off download stays.
        Assert.Equal(2, contents.Remove(model, model.Revisions[0]));

        Assert.Equal(
            ["config.json", "model.safetensors"],
            RepositoryPath.FilesBelow(Path.Combine(model.Folder, "snapshots", HubVisit.Second)));
        Assert.Equal(
            "weight", File.ReadAllText(Path.Combine(model.Folder, "snapshots", HubVisit.Second, "model.safetensors")));
        Assert.False(Directory.Exists(Path.Combine(model.Folder, "snapshots", HubVisit.First)));
        Assert.Equal(15, contents.List()[1].Bytes);
    }

    [Fact]
    public async Task A_repository_is_removed_with_its_locks()
    {
        await Fill();
        var contents = new CacheContents(_visit.Cache);

        Assert.Equal(17, contents.Remove(contents.List()[1]));

        Assert.Equal(
            ["datasets--org--d"],
            RepositoryPath.FilesBelow(_visit.Cache)
                .Where(path => !path.StartsWith('.'))
                .Select(path => path.Split('/')[0])
                .Distinct());
        Assert.False(Directory.Exists(Path.Combine(_visit.Cache, ".locks", "models--org--m")));
    }

    [Fact]
    public void A_cache_that_does_not_exist_is_empty() =>
        Assert.Empty(new CacheContents(Path.Combine(_visit.Cache, "nowhere")).List());

    public void Dispose() => _visit.Dispose();

    private async Task Fill()
    {
        _visit.Server.Add("org/m", HubVisit.First, files: [("config.json", "{}"), ("model.safetensors", "weight")]);
        await _visit.Model("org/m");
        _visit.Server.Add("org/m", HubVisit.Second, files: [("config.json", "[]"), ("model.safetensors", "weight")]);
        await _visit.Model("org/m");
        File.WriteAllText(Path.Combine(_visit.Cache, "models--org--m", "blobs", "ab.incomplete"), "1234567");
        _visit.Server.Add("datasets/org/d", HubVisit.First, files: ("a.csv", "a\n1\n"));
        await _visit.Data(new DataSourceOptions { Path = "org/d" });
        Directory.CreateDirectory(Path.Combine(_visit.Cache, "spaces--org--s"));
    }
}
