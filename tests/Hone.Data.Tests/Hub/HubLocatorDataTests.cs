using Hone.Data.Hub;

namespace Hone.Data.Tests.Hub;

public sealed class HubLocatorDataTests : IDisposable
{
    private readonly HubVisit _visit = new();

    [Fact]
    public async Task A_data_set_is_read_by_split()
    {
        _visit.Server.Add("datasets/org/d", HubVisit.First, files:
        [
            ("README.md", "---\nlicense: mit\n---\n"), ("data/train-00000-of-00001.jsonl", "{\"text\":\"a\"}\n"),
            ("data/test-00000-of-00001.jsonl", "{\"text\":\"b\"}\n"), ("big.bin", "x"),
        ]);

        var found = await _visit.Data(new DataSourceOptions { Path = "org/d", Split = "test" });

        Assert.Equal($"org/d@{HubVisit.First}", found.Source);
        Assert.Equal(["b"], DataSource.Open(found.Options).Read().Cast<TextRow>().Select(row => row.Text));
        Assert.Equal(["README.md", "data/test-00000-of-00001.jsonl"], RepositoryPath.FilesBelow(found.Options.Path));
        var fault = await Assert.ThrowsAsync<DataException>(
            () => _visit.Data(new DataSourceOptions { Path = "org/d" }));
        Assert.Equal("org/d: split must be set, the data set has train, test", fault.Message);
    }

    [Fact]
    public async Task Files_of_a_data_set_can_be_named_by_a_pattern()
    {
        _visit.Server.Add("datasets/org/d", HubVisit.First, files:
        [
            ("raw/a-1.jsonl", "{\"text\":\"a\"}\n"), ("raw/a-2.jsonl", "{\"text\":\"b\"}\n"),
            ("raw/b.jsonl", "{\"text\":\"c\"}\n"),
        ]);

        var found = await _visit.Data(new DataSourceOptions { Path = "org/d:raw/a-*.jsonl" });

        Assert.Equal(["a", "b"], DataSource.Open(found.Options).Read().Cast<TextRow>().Select(row => row.Text));
    }

    [Fact]
    public async Task The_hub_s_own_conversion_has_a_folder_for_each_configuration()
    {
        _visit.Server.Add("datasets/org/d", HubVisit.First, "refs/convert/parquet",
            ("main/train/0000.jsonl", "{\"text\":\"m\"}\n"), ("other/train/0000.jsonl", "{\"text\":\"o\"}\n"));
        var options = new DataSourceOptions { Path = "org/d@refs/convert/parquet", Split = "train" };

        var found = await _visit.Data(options with { Config = "other" });

        Assert.Equal(["o"], DataSource.Open(found.Options).Read().Cast<TextRow>().Select(row => row.Text));
        var fault = await Assert.ThrowsAsync<DataException>(() => _visit.Data(options));
        Assert.Equal("org/d@refs/convert/parquet: config must be set, the data set has main, other", fault.Message);
    }

    [Fact]
    public async Task A_missing_file_of_data_is_not_looked_for_elsewhere()
    {
        var options = new DataSourceOptions { Path = "data/rows.jsonl" };

        Assert.Same(options, (await _visit.Data(options)).Options);
        Assert.Empty(_visit.Server.Seen);
    }

    public void Dispose() => _visit.Dispose();
}
