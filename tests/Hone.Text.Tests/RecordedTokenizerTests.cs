namespace Hone.Text.Tests;

/// <summary>Whole tokenizers against what the tokenizers library recorded of them.</summary>
public sealed class RecordedTokenizerTests
{
    private const int MostShown = 5;

    [Theory]
    [InlineData("gpt-2", "tokenizers/gpt-2")]
    [InlineData("llama-spm", "tokenizers/llama-spm")]
    [InlineData("qwen2", "tokenizers/qwen2")]
    [InlineData("starcoder", "tokenizers/starcoder")]
    [InlineData("deepseek-coder", "tokenizers/deepseek-coder")]
    [InlineData("deepseek-llm", "tokenizers/deepseek-llm")]
    [InlineData("phi-3", "tokenizers/phi-3")]
    [InlineData("stories260k", "models/stories260k")]
    public void A_real_tokenizer_gives_the_recorded_tokens_and_texts(string name, string folder)
    {
        var cases = Fixtures.Goldens($"real/{name}.jsonl");
        var streams = Fixtures.Goldens($"real/{name}.stream.jsonl");
        var tokenizer = Tokenizer.Load(Fixtures.Real(folder));

        var differences = Fixtures.Lines(cases).SelectMany(record => RecordedCase.Differences(tokenizer, record))
            .Concat(Fixtures.Lines(streams).SelectMany(record => RecordedCase.StreamDifferences(tokenizer, record)));

        Expect.None(differences.Take(MostShown));
    }

    [Fact]
    public void Each_small_tokenizer_gives_the_recorded_tokens_and_texts()
    {
        var folders = Directory.GetDirectories(Fixtures.Goldens("small")).Concat(Directory.GetDirectories(Fixtures.Goldens("converted")));
        List<string> differences = [];
        foreach (var folder in folders.Order(StringComparer.Ordinal))
        {
            var name = Path.GetFileName(folder);
            if (Record.Exception(() => Tokenizer.Load(folder)) is { } fault)
            {
                differences.Add($"{name}: {fault.Message}");
                continue;
            }

            var tokenizer = Tokenizer.Load(folder);
            var streams = Path.Combine(folder, "stream.jsonl");
            differences.AddRange(Fixtures.Lines(Path.Combine(folder, "cases.jsonl"))
                .SelectMany(record => RecordedCase.Differences(tokenizer, record))
                .Concat(File.Exists(streams) ? Fixtures.Lines(streams).SelectMany(record => RecordedCase.StreamDifferences(tokenizer, record)) : [])
                .Take(MostShown)
                .Select(difference => $"{name}: {difference}"));
        }

        Expect.None(differences);
    }
}
