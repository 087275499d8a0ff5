namespace Hone.Text.Tests;

/// <summary>Whole tokenizers against what the tokenizers library recorded of them.</summary>
public sealed class RecordedTokenizerTests
{
    private const int MostShown = 5;

    public static TheoryData<string> LocalFolders =>
        [.. Directory.GetDirectories(Fixtures.Local("")).Select(folder => Path.GetFileName(folder)!).Order()];

    [Theory]
    [MemberData(nameof(LocalFolders))]
    public void A_small_tokenizer_gives_the_recorded_tokens_and_texts(string name) =>
        Expect.None(DifferencesIn(Fixtures.Local(name)));

    [Fact]
    public void Every_recorded_small_tokenizer_gives_the_recorded_tokens_and_texts() => Expect.None(
        Directory.GetDirectories(Fixtures.Goldens("small"))
            .Concat(Directory.GetDirectories(Fixtures.Goldens("converted")))
            .Order(StringComparer.Ordinal)
            .SelectMany(folder => DifferencesIn(folder).Take(MostShown)
                .Select(difference => $"{Path.GetFileName(folder)}: {difference}")));

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

        Expect.None(Differences(tokenizer, cases, streams).Take(MostShown));
    }

    [Theory]
    [InlineData("models/stories260k", "tokenizer_cases.json")]
    [InlineData("models/tinystories-656k", "tokenizer_cases.json")]
    [InlineData("models/babyllama-105", "tokenizer_cases.json")]
    [InlineData("models/smollm2-135m-instruct", "tokenizer_cases.jsonl")]
    public void A_real_model_folder_gives_the_recorded_tokens(string folder, string file)
    {
        var path = Fixtures.Real(Path.Combine(folder, file));
        var tokenizer = Tokenizer.Load(Fixtures.Real(folder));
        var records = file.EndsWith(".jsonl", StringComparison.Ordinal)
            ? Fixtures.Lines(path)
            : Fixtures.Whole(path).GetProperty("cases").EnumerateArray();

        Expect.None(records.SelectMany(record => RecordedCase.FolderDifferences(tokenizer, record)).Take(MostShown));
    }

    [Theory]
    [InlineData("tokenizers/gpt-2")]
    [InlineData("tokenizers/llama-spm")]
    [InlineData("tokenizers/starcoder")]
    public void A_real_tokenizer_gives_the_ids_that_llama_cpp_recorded(string folder)
    {
        // Texts and ids, one of each a record; the texts are separated by a line "__ggml_vocab_test__".
        var vocabulary = $"ggml-vocab-{Path.GetFileName(folder)}.gguf";
        var texts = File.ReadAllText(Fixtures.Real($"{folder}/{vocabulary}.inp")).Split("\n__ggml_vocab_test__\n");
        var ids = File.ReadAllLines(Fixtures.Real($"{folder}/{vocabulary}.out"));
        var tokenizer = Tokenizer.Load(Fixtures.Real(folder));

        Assert.All(ids.Zip(texts), record =>
            Assert.Equal(
                record.First.Trim(), string.Join(' ', tokenizer.EncodeIds(record.Second, addSpecialTokens: false))));
    }

    [Fact]
    public void Whole_data_files_become_the_recorded_ids()
    {
        var loaded = new Dictionary<string, Tokenizer>();
        Expect.None(Fixtures.Lines(Fixtures.Goldens("real/bulk.jsonl")).SelectMany(record =>
        {
            var name = record.GetProperty("tokenizer").GetString()!;
            var tokenizer = loaded.TryGetValue(name, out var known)
                ? known
                : loaded[name] =
                    Tokenizer.Load(Fixtures.Real(name == "stories260k" ? $"models/{name}" : $"tokenizers/{name}"));
            return RecordedCase.BulkDifferences(
                tokenizer, record, File.ReadAllText(Fixtures.Real(record.GetProperty("file").GetString()!)));
        }));
    }

    private static IEnumerable<string> DifferencesIn(string folder)
    {
        if (Record.Exception(() => Tokenizer.Load(folder)) is { } fault)
        {
            return [fault.Message];
        }

        return Differences(
            Tokenizer.Load(folder), Path.Combine(folder, "cases.jsonl"), Path.Combine(folder, "stream.jsonl"));
    }

    private static IEnumerable<string> Differences(Tokenizer tokenizer, string cases, string streams) =>
        Fixtures.Lines(cases).SelectMany(record => RecordedCase.Differences(tokenizer, record))
            .Concat(File.Exists(streams)
                ? Fixtures.Lines(streams).SelectMany(record => RecordedCase.StreamDifferences(tokenizer, record))
                : []);
}
