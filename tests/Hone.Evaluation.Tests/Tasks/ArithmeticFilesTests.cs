using Hone.Data;
using Hone.Evaluation.Tasks;
using Hone.Text;

namespace Hone.Evaluation.Tests.Tasks;

public sealed class ArithmeticFilesTests : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory();

    public void Dispose() => _folder.Delete(recursive: true);

    [Fact]
    public void Each_stage_gets_rows_of_its_shape()
    {
        var sizes = new ArithmeticSizes { Pretraining = 50, Traces = 20, Practice = 30, HeldOut = 10 };

        var files = new ArithmeticFiles(_folder.FullName);
        var heldOut = files.Write(new ArithmeticTask(new ArithmeticOptions(), 1), sizes);

        Assert.Equal(50, Rows(files.Pretraining, "text").Length);
        Assert.Equal(20, Rows(files.Traces, "prompt", "completion").Length);
        Assert.Equal(30, Rows(files.Practice, "prompt", "answer").Length);
        Assert.Equal(
            heldOut.Select(problem => problem.Prompt), Rows(files.HeldOut, "prompt", "answer").Select(row => row[0]));
        Assert.All(Rows(files.Traces, "prompt", "completion"),
            row => Assert.EndsWith($"</think>{Value(row[0])}", row[1], StringComparison.Ordinal));
        Assert.All(Rows(files.Practice, "prompt", "answer"), row => Assert.Equal(Value(row[0]), int.Parse(row[1])));
    }

    [Fact]
    public void The_tokenizer_has_a_token_for_each_character_and_mark_and_begins_with_the_end_of_text()
    {
        var files = new ArithmeticFiles(_folder.FullName);
        files.Write(new ArithmeticTask(new ArithmeticOptions(), 1),
            new ArithmeticSizes { Pretraining = 1, Traces = 1, Practice = 1, HeldOut = 1 });

        var tokenizer = Tokenizer.Load(files.Tokenizer);
        var ids = tokenizer.EncodeIds("7+8=<think>7+8=15</think>15<|endoftext|>");

        // <|endoftext|> 0, <think> 1, </think> 2, then 0123456789+-=;
        Assert.Equal([0, 10, 13, 11, 15, 1, 10, 13, 11, 15, 4, 8, 2, 4, 8, 0], ids);
        Assert.Equal(0, tokenizer.EosId);
        Assert.Equal(17, tokenizer.VocabularySize);
        Assert.Equal("7+8=<think>7+8=15</think>15", tokenizer.Decode(ids, skipSpecialTokens: true));
    }

    private static string[][] Rows(string path, params string[] columns) =>
    [
        .. DataSource.Open(new DataSourceOptions { Path = path }).ReadRecords().Select(record =>
        {
            Assert.Equal(columns, record.Fields.EnumerateObject().Select(field => field.Name));
            return columns.Select(name => record.Fields.GetProperty(name).GetString()!).ToArray();
        }),
    ];

    /// <summary>The value of <c>7+8-2=</c>, worked out by another way than the product's.</summary>
    private static int Value(string prompt) =>
        prompt.TrimEnd('=').Replace("-", "+-", StringComparison.Ordinal).Split('+').Sum(int.Parse);
}
