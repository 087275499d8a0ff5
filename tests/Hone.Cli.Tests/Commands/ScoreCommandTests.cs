using System.Text.Json;

namespace Hone.Cli.Tests.Commands;

public sealed class ScoreCommandTests : IDisposable
{
    private readonly ScratchFolder _scratch = new();

    public ScoreCommandTests() => TinyModel.Write(_scratch.Path, stopTokens: 257);

    [Fact]
    public void A_row_is_an_object_with_tokens_and_log_probs_null_at_the_first()
    {
        var run = Score("{\"text\":\"ab\"}\n{\"tokens\":[97,98]}\n{\"tokens\":[]}\n{\"text\":\"\"}\n", "--json");

        var rows = run.Output.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(
            line => JsonSerializer.Deserialize<JsonElement>(line)).ToList();
        Assert.All(
            rows, row => Assert.Equal(["tokens", "log_probs"], row.EnumerateObject().Select(field => field.Name)));
        Assert.Equal(
            ["[256,97,98]", "[97,98]", "[]", "[256]"], rows.Select(row => row.GetProperty("tokens").GetRawText()));
        Assert.Equal([3, 2, 0, 1], rows.Select(row => row.GetProperty("log_probs").GetArrayLength()));
        Assert.All(rows.Where(row => row.GetProperty("tokens").GetArrayLength() > 0), row =>
        {
            var logProbs = row.GetProperty("log_probs").EnumerateArray().ToList();
            Assert.Equal(JsonValueKind.Null, logProbs[0].ValueKind);
            Assert.All(logProbs.Skip(1), logProb => Assert.InRange(logProb.GetDouble(), -100, 0));
        });
        Assert.Equal((ExitCode.Done, ""), (run.Code, run.Errors));
    }

    [Fact]
    public void People_see_a_line_a_row()
    {
        var run = Score("{\"text\":\"ab\"}\n");

        Assert.Matches(
            @"^rows\.jsonl:1: 3 tokens, log-prob -\d+\.\d{3}, mean -\d+\.\d{4}, perplexity \d+\.\d\d\n$",
            Path.GetFileName(run.Output));
    }

    [Theory]
    [InlineData("{\"label\":1}", "\"text\" or \"tokens\" must be there; this line has \"label\"")]
    [InlineData("{\"tokens\":\"a\"}", "\"tokens\" must be a list of token ids, got \"a\"")]
    [InlineData("{\"tokens\":[1,2.5]}", "\"tokens\"[1] must be a token id, got 2.5")]
    [InlineData("{\"tokens\":[1,258]}", "\"tokens\"[1] must be from 0 to 257, got 258")]
    [InlineData(
        "{\"text\":\"aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa\"}",
        "the row must fit the model's context of 64 tokens, it has 71; cut it")]
    public void A_row_that_cannot_be_scored_is_named_with_its_line(string row, string message)
    {
        var run = Score($"{{\"text\":\"a\"}}\n{row}\n", "--json");

        Assert.Equal(
            (ExitCode.BadInput, "", $"{Path.Combine(_scratch.Path, "rows.jsonl")}:2: {message}\n"),
            (run.Code, run.Output, run.Errors));
    }

    [Theory]
    [InlineData("--weights", "int8")]
    [InlineData("--weights", "int4")]
    [InlineData("--cache", "int8")]
    public void Few_bits_are_compared_with_the_model_as_it_is(string option, string value)
    {
        const string Rows = "{\"text\":\"abcdef\"}\n{\"text\":\"\"}\n{\"tokens\":[97,98]}\n";

        var run = Score(Rows, option, value, "--compare");

        // 7 tokens and 2; the row of one token predicts nothing.
        Assert.Matches(
            @"^on 9 tokens perplexity \d+\.\d{4} before and \d+\.\d{4} after \([+-]\d\.\d{4}\), KL 0\.\d+ nats, the likeliest "
                + @"token is the same at \d+\.\d%, logits differ by at most [01]\.\d+\n$",
            run.Output);
        var fields = JsonSerializer.Deserialize<JsonElement>(Score(Rows, option, value, "--compare", "--json").Output);
        Assert.Equal(
            ["perplexity", "perplexity_after", "tokens", "max_logit_difference", "mean_kl", "same_likeliest",
                "mean_log_prob", "mean_log_prob_after"],
            fields.EnumerateObject().Select(field => field.Name));
        Assert.Equal(
            Math.Exp(-fields.GetProperty("mean_log_prob").GetDouble()),
            fields.GetProperty("perplexity").GetDouble(), 1e-9);
    }

    [Fact]
    public void Scores_of_weights_in_few_bits_are_others_and_near()
    {
        double[] LogProbs(params string[] words) =>
        [
            .. JsonSerializer.Deserialize<JsonElement>(Score("{\"text\":\"abcdefgh\"}\n", ["--json", .. words]).Output)
                .GetProperty("log_probs").EnumerateArray().Skip(1).Select(value => value.GetDouble()),
        ];

        var (plain, coded) = (LogProbs(), LogProbs("--weights", "int8"));

        Assert.NotEqual(plain, coded);
        Assert.All(plain.Zip(coded), pair => Assert.Equal(pair.First, pair.Second, 0.2)); // logits are some units wide
    }

    [Theory]
    [InlineData("{\"text\":\"ab\"}\n",
        "--compare: needs --weights int8, int4 or stored, or --cache int8; there is nothing to compare else",
        "--compare")]
    [InlineData(
        "{\"text\":\"\"}\n", "--input: must have a row of at least two tokens to compare on, it has none", "--compare",
        "--weights", "int8")]
    public void A_comparison_without_two_sides_is_refused(string rows, string message, params string[] words)
    {
        var run = Score(rows, words);

        Assert.Equal((ExitCode.BadInput, "", $"{message}\n"), (run.Code, run.Output, run.Errors));
    }

    public void Dispose() => _scratch.Dispose();

    private HoneRun Score(string rows, params string[] words) =>
        new(["score", _scratch.Path, "--input", _scratch.File("rows.jsonl", rows), .. words]);
}
