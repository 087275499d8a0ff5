using System.Text.Json;

namespace Hone.Cli.Tests.Commands;

public sealed class EmbedCommandTests : IDisposable
{
    private readonly ScratchFolder _scratch = new();

    [Fact]
    public void Each_text_is_an_object_with_its_tokens_and_its_vector()
    {
        var rows = Path.Combine(_scratch.Path, "rows.jsonl");
        File.WriteAllText(rows, "{\"text\":\"hello world\"}\n{\"text\":\"hello world\",\"max_length\":3}\n");

        var run = new HoneRun("embed", Model(), "--input", rows, "--text", "", "--json");

        Assert.Equal((ExitCode.Done, ""), (run.Code, run.Errors));
        var objects = run.Output.Split('\n', StringSplitOptions.RemoveEmptyEntries)
            .Select(line => JsonSerializer.Deserialize<JsonElement>(line)).ToArray();
        Assert.Equal(["[101,102]", "[101,7592,2088,102]", "[101,7592,102]"],
            objects.Select(row => row.GetProperty("tokens").GetRawText()));
        Assert.All(objects, row => Assert.Equal(
            1, row.GetProperty("embedding").EnumerateArray().Sum(value => value.GetDouble() * value.GetDouble()),
            1e-5));
    }

    [Fact]
    public void People_see_a_line_a_text()
    {
        var run = new HoneRun("embed", Model(), "--text", "hello world");

        Assert.Matches(@"^text 1: 4 tokens, 384 numbers: (-?0\.\d{4}, ){4}…\n$", run.Output);
    }

    [Fact]
    public void A_model_that_predicts_tokens_is_refused()
    {
        TinyModel.Write(_scratch.Path);

        var run = new HoneRun("embed", _scratch.Path, "--text", "a");

        Assert.Equal(
            (ExitCode.BadInput,
                $"{Path.Combine(_scratch.Path, "config.json")}: \"model_type\" must be bert to embed texts, got "
                    + "\"llama\"\n"),
            (run.Code, run.Errors));
    }

    public void Dispose() => _scratch.Dispose();

    private static string Model()
    {
        var root = new DirectoryInfo(AppContext.BaseDirectory);
        while (root is not null && !File.Exists(Path.Combine(root.FullName, "Hone.slnx")))
        {
            root = root.Parent;
        }

        var fixtures =
            Environment.GetEnvironmentVariable("HONE_FIXTURES") ?? Path.Combine(root!.FullName, "..", "shared", "real");
        var folder = Path.Combine(fixtures, "models", "minilm-l6");
        if (!Directory.Exists(folder))
        {
            Assert.Skip($"the fixture {folder} is absent; set HONE_FIXTURES to the folder of real fixtures");
        }

        return folder;
    }
}
