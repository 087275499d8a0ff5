using Hone.Training.Metrics;

namespace Hone.Training.Tests.Metrics;

public sealed class StepLinesTests
{
    [Fact]
    public void Lines_begin_with_their_step()
    {
        using var folder = new TemporaryFolder();
        using (var lines = StepLines.Open(folder["a.jsonl"], -1))
        {
            lines.Append(3, json => json.WriteString("text", "é \"<b>\"\n"));
        }

        Assert.Equal("{\"step\":3,\"text\":\"é \\\"<b>\\\"\\n\"}\n", File.ReadAllText(folder["a.jsonl"]));
    }

    [Theory]
    [InlineData(-1, "")]
    [InlineData(0, "{\"step\":0}\n")]
    [InlineData(1, "{\"step\":0}\n{\"step\":1,\"a\":1}\n{\"step\":1,\"b\":2}\n")]
    [InlineData(5, "{\"step\":0}\n{\"step\":1,\"a\":1}\n{\"step\":1,\"b\":2}\n{\"step\":2}\n")]
    public void A_resumed_file_has_each_step_once(long lastStep, string kept)
    {
        using var folder = new TemporaryFolder();
        File.WriteAllText(
            folder["a.jsonl"],
            "{\"step\":0}\n{\"step\":1,\"a\":1}\n{\"step\":1,\"b\":2}\n{\"step\":2}\n{\"step\":3,\"torn");

        using (var lines = StepLines.Open(folder["a.jsonl"], lastStep))
        {
            lines.Append(9, _ => { });
        }

        Assert.Equal(kept + "{\"step\":9}\n", File.ReadAllText(folder["a.jsonl"]));
    }

    [Fact]
    public void Lines_longer_than_the_buffer_are_followed_to_their_end()
    {
        using var folder = new TemporaryFolder();
        var text = new string('x', 150_000);
        using (var lines = StepLines.Open(folder["a.jsonl"], -1))
        {
            for (var step = 0; step < 4; step++)
            {
                lines.Append(step, json => json.WriteString("text", text));
            }
        }

        StepLines.Open(folder["a.jsonl"], 1).Dispose();

        Assert.Equal(
            [$"{{\"step\":0,\"text\":\"{text}\"}}", $"{{\"step\":1,\"text\":\"{text}\"}}"],
            File.ReadAllLines(folder["a.jsonl"]));
    }

    [Fact]
    public void A_line_that_is_none_of_ours_stays_where_it_stands()
    {
        using var folder = new TemporaryFolder();
        File.WriteAllText(folder["a.jsonl"], "{\"step\":1}\n# noted by hand\n{\"step\":\"x\"}\n{\"step\":2}\n");

        StepLines.Open(folder["a.jsonl"], 1).Dispose();

        Assert.Equal("{\"step\":1}\n# noted by hand\n{\"step\":\"x\"}\n", File.ReadAllText(folder["a.jsonl"]));
    }
}
