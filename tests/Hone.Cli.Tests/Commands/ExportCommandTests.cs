using System.Text.Json;

namespace Hone.Cli.Tests.Commands;

public sealed class ExportCommandTests : IDisposable
{
    private readonly ScratchFolder _scratch = new();

    private string Output => Path.Combine(_scratch.Path, "out");

    public ExportCommandTests() => TinyModel.Write(Path.Combine(_scratch.Path, "model"), stopTokens: 257);

    [Fact]
    public void Json_says_what_was_written_and_how_far_it_is_from_what_was_read()
    {
        var run = Export("--type", "f16", "--json");

        Assert.Equal((ExitCode.Done, ""), (run.Code, run.Errors));
        var report = JsonSerializer.Deserialize<JsonElement>(run.Output);
        Assert.Equal(["path", "files", "parity", "warnings"], report.EnumerateObject().Select(field => field.Name));
        Assert.Equal(
            ["tokens", "max_logit_difference", "mean_kl", "same_likeliest", "mean_log_prob", "mean_log_prob_after"],
            report.GetProperty("parity").EnumerateObject().Select(field => field.Name));
        Assert.Equal(
            Directory.EnumerateFiles(Output).Select(Path.GetFileName).Order(StringComparer.Ordinal),
            report.GetProperty("files").EnumerateArray().Select(file => file.GetProperty("name").GetString()));
        Assert.InRange(report.GetProperty("parity").GetProperty("max_logit_difference").GetDouble(), 0, 0.01);
    }

    [Fact]
    public void People_see_the_files_and_a_line_about_the_distance()
    {
        var run = Export();

        Assert.Equal((ExitCode.Done, ""), (run.Code, run.Errors));
        Assert.Matches(@"model\.safetensors +\d+(\.\d)? KiB", run.Output);
        Assert.Matches(
            @"out: on \d+ tokens logits differ by at most 0, KL 0 nats, the likeliest token is the same at 100\.0%, mean log-prob -\d", run.Output);
    }

    [Theory]
    [InlineData("--type: must be f32, bf16 or f16 in safetensors, got q8_0; add --format gguf\n", "--type", "q8_0")]
    [InlineData("--shard-size: must be a number of bytes such as 500MB or 5GB, got lots\n", "--shard-size", "lots")]
    [InlineData("--shard-size: must go with --format safetensors, a gguf is one file\n",
        "--format", "gguf", "--shard-size", "1GB")]
    [InlineData("--text: must name a file, there is none called /no/such/text\n", "--text", "/no/such/text")]
    public void What_cannot_be_done_is_refused_before_anything_is_written(string message, params string[] words)
    {
        var run = Export(words);

        Assert.Equal((ExitCode.BadInput, "", message), (run.Code, run.Output, run.Errors));
        Assert.False(Path.Exists(Output));
    }

    public void Dispose() => _scratch.Dispose();

    private HoneRun Export(params string[] words) =>
        new(["export", Path.Combine(_scratch.Path, "model"), "--output", Output, .. words]);
}
