using Hone.Data.Hub;

namespace Hone.Data.Tests.Hub;

public sealed class SplitConventionsTests
{
    [Theory]
    [InlineData("data/train-00000-of-00002.parquet data/train-00001-of-00002.parquet "
        + "data/test-00000-of-00001-ab12.parquet x.csv",
        "train: data/train-00000-of-00002.parquet data/train-00001-of-00002.parquet; test: "
        + "data/test-00000-of-00001-ab12.parquet")]
    [InlineData("data/train_sft-00000-of-00001.parquet data/test_sft-00000-of-00001.parquet",
        "test_sft: data/test_sft-00000-of-00001.parquet; train_sft: data/train_sft-00000-of-00001.parquet")]
    [InlineData("train/a.jsonl train/b.jsonl dev/c.jsonl", "train: train/a.jsonl train/b.jsonl; validation: "
        + "dev/c.jsonl")]
    [InlineData("x/my-train-set/a.csv x/eval/b.csv", "train: x/my-train-set/a.csv; test: x/eval/b.csv")]
    [InlineData("train.jsonl test.jsonl", "train: train.jsonl; test: test.jsonl")]
    [InlineData("my_train_file.csv val-1.csv", "train: my_train_file.csv; validation: val-1.csv")]
    [InlineData("constraint.csv retrain2.csv", "train: constraint.csv retrain2.csv")]
    [InlineData("a.jsonl", "train: a.jsonl")]
    [InlineData("", "")]
    public void Names_say_which_split_a_file_is_of(string files, string splits) => Assert.Equal(
        splits,
        string.Join("; ", SplitConventions.Of(files.Split(' ', StringSplitOptions.RemoveEmptyEntries))
            .Select(split => $"{split.Name}: {string.Join(' ', split.Files)}")));
}
