using Hone.Data.Hub;

namespace Hone.Data.Tests.Hub;

public sealed class DatasetFilesTests
{
    private const string Card = """
        ---
        license: mit
        dataset_info:
        - config_name: main
          features:
          - name: question
            dtype: string
        configs:
        - config_name: main
          data_files:
          - split: train
            path: main/train-*   # the shards
          - split: test
            path: ['main/test-*', "more/**"]
        - config_name: socratic
          data_dir: socratic
        - config_name: flat
          default: true
          data_files: "*.csv"
        tags:
        - math
        ---
        # A data set
        configs: nothing
        """;

    private static readonly string[] Files =
    [
        "main/train-00000-of-00001.parquet", "main/test-00000-of-00001.parquet", "more/x/y.parquet",
        "socratic/train.jsonl",
        "socratic/test.jsonl", "flat.csv", "other.csv", "README.md", ".hidden/a.csv", "__x__/a.csv", "script.py",
    ];

    [Theory]
    [InlineData("main", "train", "train: main/train-00000-of-00001.parquet")]
    [InlineData("main", "test", "test: main/test-00000-of-00001.parquet more/x/y.parquet")]
    [InlineData("socratic", "test", "test: socratic/test.jsonl")]
    [InlineData("", "", "train: flat.csv other.csv")]
    public void A_card_says_which_files_are_which(string configuration, string split, string expected)
    {
        var chosen = DatasetFiles.Select(Files, DatasetCard.Parse(Card, "README.md"), configuration, split, "org/d");

        Assert.Equal(expected, $"{chosen.Split}: {string.Join(' ', chosen.Files)}");
    }

    [Theory]
    [InlineData("main", "", "org/d: split must be set, the data set has train, test")]
    [InlineData("main", "dev", "org/d: split must be one of train, test, is \"dev\"")]
    [InlineData("mian", "", "org/d: config must be one of main, socratic, flat, is \"mian\"")]
    public void What_is_not_said_or_not_there_is_refused(string configuration, string split, string message) =>
        Assert.Equal(message, Refusal(Files, Card, configuration, split));

    [Fact]
    public void Of_several_configurations_without_a_usual_one_one_must_be_named()
    {
        const string card = "---\nconfigs:\n  - config_name: a\n  - config_name: b\n---\n";

        Assert.Equal("org/d: config must be set, the data set has a, b", Refusal(Files, card, "", ""));
    }

    [Fact]
    public void Without_a_card_a_folder_can_be_the_configuration()
    {
        var none = new DatasetCard([]);

        Assert.Equal(["socratic/train.jsonl"], DatasetFiles.Select(Files, none, "socratic", "train", "org/d").Files);
        Assert.Equal(
            "org/d: config \"nowhere\" must be one of the data set's, it has none and no folder of that name",
            Refusal(Files, "", "nowhere", ""));
    }

    [Fact]
    public void The_same_rows_in_several_formats_are_read_once()
    {
        string[] files = ["train.csv", "train.jsonl", "train.parquet", "train.txt"];

        Assert.Equal(["train.parquet"], DatasetFiles.Select(files, new DatasetCard([]), "", "train", "d").Files);
    }

    [Fact]
    public void A_data_set_that_only_a_script_can_read_is_refused_with_advice() => Assert.Equal(
        "org/d: must have files that end in .jsonl, .ndjson, .json, .csv, .tsv, .txt, .parquet, .arrow, .arrows, "
        + ".tar, has none; of data sets of the hub that only a script can read, the revision refs/convert/parquet may "
        + "hold the rows",
        Refusal(["d.py", "README.md"], "", "", ""));

    [Theory]
    [InlineData("---\nconfigs: yes\n---\n", "README.md:2: \"configs\" must be a list")]
    [InlineData("---\nconfigs:\n- name: a\n---\n", "README.md:3: a configuration must have \"config_name\"")]
    [InlineData(
        "---\nconfigs:\n- config_name: a\n  data_files:\n  - path: x\n---\n",
        "README.md:5: a part of \"data_files\" must have \"split\" and \"path\"")]
    [InlineData(
        "---\nconfigs:\n- config_name: a\n  data_files: {a: b}\n---\n",
        "README.md:4: must be plain text, a list or fields, got \"{a: b}\"")]
    public void A_card_that_cannot_be_understood_is_refused(string card, string message) =>
        Assert.Equal(message, Assert.Throws<DataException>(() => DatasetCard.Parse(card, "README.md")).Message);

    [Fact]
    public void A_card_without_configurations_says_nothing()
    {
        Assert.Empty(DatasetCard.Parse("# Title\n", "README.md").Configurations);
        Assert.Empty(DatasetCard.Parse("---\nlicense: mit\n", "README.md").Configurations);
        Assert.Empty(DatasetCard.Parse("---\nlicense: mit\n---\nconfigs:\n- a\n", "README.md").Configurations);
    }

    private static string Refusal(string[] files, string card, string configuration, string split) =>
        Assert.Throws<DataException>(
            () => DatasetFiles.Select(files, DatasetCard.Parse(card, "README.md"), configuration, split, "org/d"))
            .Message;
}
