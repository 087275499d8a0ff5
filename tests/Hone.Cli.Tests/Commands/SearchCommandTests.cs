using System.Text.Json;

namespace Hone.Cli.Tests.Commands;

public sealed class SearchCommandTests : IDisposable
{
    private readonly ScratchFolder _scratch = new();

    public SearchCommandTests() => TinyModel.Write(_scratch.Path, stopTokens: 257);

    [Fact]
    public void A_search_of_16_paths_and_8_levels_computes_a_fifth_of_what_its_paths_would_take()
    {
        var run = Search("--prompt", "abcdefghijklmnopqrst", "--temperature", "1", "--max-new-tokens", "32", "--json");

        var found = JsonSerializer.Deserialize<JsonElement>(run.Output);
        Assert.Equal((ExitCode.Done, ""), (run.Code, run.Errors));
        Assert.Equal(
            [
                "prompt", "tokens", "text", "score", "log_probs", "levels", "generated_tokens", "computed_tokens",
                "unshared_tokens",
            ],
            found.EnumerateObject().Select(field => field.Name));
        Assert.Equal(32, found.GetProperty("tokens").GetArrayLength());
        Assert.True(Number(found, "unshared_tokens") >= 5 * Number(found, "computed_tokens"), run.Output);
        Assert.Equal(
            found.GetProperty("log_probs").EnumerateArray().Average(value => value.GetDouble()),
            found.GetProperty("score").GetDouble(),
            1e-5);
    }

    [Fact]
    public void The_best_text_is_written_and_the_ledger_told_beside_it()
    {
        string[] words =
        [
            "--prompt", "ab", "--temperature", "1", "--beam", "4", "--branches", "2", "--depth", "3",
            "--max-new-tokens", "9",
        ];

        var run = Search(words);

        var found = JsonSerializer.Deserialize<JsonElement>(Search([.. words, "--json"]).Output);
        Assert.Equal($"ab{found.GetProperty("text").GetString()}\n", run.Output);
        Assert.Matches(
            @"^search: \d+ tokens went through the model on 3 levels; each path by itself would have taken \d+ "
            + @"\(\d+\.\d times as many\)\n$",
            run.Errors);
    }

    [Fact]
    public void A_search_may_keep_weights_in_few_bits()
    {
        string[] words = ["--prompt", "ab", "--temperature", "1", "--max-new-tokens", "16", "--json"];
        var (plain, coded) = (Search(words), Search([.. words, "--weights", "int4", "--cache", "int8"]));
        var stored = Search([.. words, "--weights", "stored"]);

        Assert.Equal((ExitCode.Done, ""), (coded.Code, coded.Errors));
        Assert.NotEqual(plain.Output, coded.Output);
        Assert.Equal(
            (ExitCode.BadInput,
                "generation engine: weights \"stored\" must be those of a GGUF file as it was loaded, the model's are "
                    + "of no GGUF file; take \"compute\", \"int8\" or \"int4\"\n"),
            (stored.Code, stored.Errors));
    }

    [Fact]
    public void New_tokens_that_levels_do_not_divide_are_not_exceeded()
    {
        var run = Search("--prompt", "ab", "--temperature", "1", "--depth", "3", "--max-new-tokens", "11", "--json");

        var found = JsonSerializer.Deserialize<JsonElement>(run.Output);
        Assert.Equal((3, 9), (Number(found, "levels"), found.GetProperty("tokens").GetArrayLength()));
    }

    [Theory]
    [InlineData("", "--temperature: must be above 0 for a search, whose branches are all the same at 0; "
        + "add --temperature 1\n")]
    [InlineData("--temperature 1 --branches 3", "--branches: must divide the 16 paths of a level, got 3\n")]
    [InlineData("--temperature 1 --depth 9 --max-new-tokens 8",
        "--depth: must be at most 8, since each level needs one of --max-new-tokens, got 9\n")]
    public void A_search_without_chance_or_with_an_odd_shape_is_refused(string words, string message)
    {
        var run = Search(["--prompt", "a", .. words.Split(' ', StringSplitOptions.RemoveEmptyEntries)]);

        Assert.Equal((ExitCode.BadInput, message), (run.Code, run.Errors));
    }

    public void Dispose() => _scratch.Dispose();

    private static long Number(JsonElement found, string field) => found.GetProperty(field).GetInt64();

    private HoneRun Search(params string[] words) => new(["search", _scratch.Path, .. words]);
}
