namespace Hone.Data.Tests.Reading;

public sealed class SavedDatasetTests
{
    private static string Error(string folder) =>
        Assert.Throws<DataException>(() => DataSource.Open(new() { Path = folder })).Message;

    [Fact]
    public void A_folder_of_several_splits_asks_for_one()
    {
        using var scratch = new Scratch();
        scratch.Write("dataset_dict.json", "{\"splits\": [\"train\", \"test\"]}");
        Directory.CreateDirectory(Path.Combine(scratch.Folder, "train"));
        Directory.CreateDirectory(Path.Combine(scratch.Folder, "test"));

        Assert.Equal($"{scratch.Folder}: the folder holds several splits; name one of test, train behind it",
            Error(scratch.Folder));
    }

    [Fact]
    public void Shards_come_in_the_order_that_the_state_names()
    {
        using var scratch = new Scratch();
        scratch.Write("dataset_info.json", "{}");
        scratch.Write("state.json", """{"_data_files": [{"filename": "b.arrow"}, {"filename": "../a.arrow"}]}""");

        Assert.Equal(
            ["b.arrow", "a.arrow"], DataSource.Open(new() { Path = scratch.Folder }).Files.Select(Path.GetFileName));
        Assert.All(DataSource.Open(new() { Path = scratch.Folder }).Files,
            file => Assert.Equal(scratch.Folder, Path.GetDirectoryName(file)));
    }

    [Theory]
    [InlineData("[]", ":1: the file must name its shards under \"_data_files\"")]
    [InlineData("{\"_data_files\": [3]}", ":1: a shard must have a \"filename\", got 3")]
    public void A_state_that_names_no_shards_is_refused(string state, string message)
    {
        using var scratch = new Scratch();
        scratch.Write("dataset_info.json", "{}");
        var path = scratch.Write("state.json", state);

        Assert.Equal(path + message, Error(scratch.Folder));
    }
}
