namespace Hone.Data.Tests.Reading;

public sealed class DataSourceTests
{
    private static string Error(string path, DataSourceOptions? options = null) =>
        Assert.Throws<DataException>(() => DataSource.Open((options ?? Scratch.Options) with { Path = path })).Message;

    [Fact]
    public void A_folder_is_its_files_in_the_order_of_their_names()
    {
        using var scratch = new Scratch();
        scratch.Write("b.jsonl", "{\"text\": \"b\"}");
        scratch.Write("a.csv", "text\na\n");
        scratch.Write("B.txt", "B");
        scratch.Write("README.md", "# not data");

        Assert.Equal(["B", "a", "b"],
            DataSource.Open(new() { Path = scratch.Folder }).Read().Select(row => ((TextRow)row).Text));
    }

    [Fact]
    public void A_pattern_is_the_files_that_fit_it()
    {
        using var scratch = new Scratch();
        scratch.Write("train-2.jsonl", "{\"text\": \"2\"}");
        scratch.Write("train-1.jsonl", "{\"text\": \"1\"}");
        scratch.Write("test.jsonl", "{\"text\": \"3\"}");

        var source = DataSource.Open(new() { Path = Path.Combine(scratch.Folder, "train-*.jsonl") });
        Assert.Equal(["1", "2"], source.Read().Select(row => ((TextRow)row).Text));
        Assert.Equal(["train-1.jsonl", "train-2.jsonl"], source.Files.Select(Path.GetFileName));
    }

    [Fact]
    public void The_format_named_wins_over_the_suffix()
    {
        using var scratch = new Scratch();
        var path = scratch.Write("rows.data", "{\"text\": \"a\"}");

        Assert.Single(DataSource.Open(new() { Path = path, Format = DataFormat.JsonLines }).Read());
        Assert.Equal(
            $"{path}: the suffix must be one of .jsonl, .ndjson, .json, .csv, .tsv, .txt, .parquet, .arrow, .arrows, "
                + ".tar, perhaps with .gz or .zst, or set format", Error(path));
    }

    [Fact]
    public void What_is_not_there_is_said_at_once()
    {
        using var scratch = new Scratch();

        Assert.Equal($"{scratch.Folder}/a.jsonl: there is no such file", Error($"{scratch.Folder}/a.jsonl"));
        Assert.Equal($"{scratch.Folder}/*.jsonl: no file fits this pattern", Error($"{scratch.Folder}/*.jsonl"));
        Assert.Equal(
            $"{scratch.Folder}/none/*.jsonl: no file fits this pattern", Error($"{scratch.Folder}/none/*.jsonl"));
        Assert.Equal(
            $"{scratch.Folder}: the folder has no file that ends in .jsonl, .ndjson, .json, .csv, .tsv, .txt, "
                + ".parquet, .arrow, .arrows, .tar", Error(scratch.Folder));
    }

    [Fact]
    public void Compression_that_is_not_known_is_said()
    {
        using var scratch = new Scratch();
        var path = scratch.Write("a.jsonl.xz", "x");

        Assert.Equal($"{path}: .xz is not supported; compress it with gzip or Zstandard, or not at all",
            Assert.Throws<DataException>(() => DataSource.Open(new(
                )
            { Path = path, Format = DataFormat.JsonLines }).Read().Count()).Message);
    }

    [Fact]
    public void Options_that_contradict_themselves_are_refused_all_at_once() => Assert.Equal(
        "data: path: must name a file, a folder or a pattern, got nothing; delimiter: must not be empty when unit is "
        + "document; separator: must be a single ASCII character other than a quote or a line end, got \"ab\"; "
        + "columns: must map text, prompt, completion, messages, chosen or rejected, got \"answer\"; columns.prompt: "
        + "must name a column of the file, got \"a + \"",
        Error("", new()
        {
            Path = "",
            Unit = TextUnit.Document,
            Delimiter = "",
            Separator = "ab",
            Columns = new Dictionary<string, string> { ["answer"] = "x", ["prompt"] = "a + " },
        }));
}
