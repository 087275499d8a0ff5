using System.Text.Json.Nodes;
using Hone.Benchmarks.Limits;
using Hone.Benchmarks.Lines;
using Hone.Benchmarks.Machine;
using Hone.Benchmarks.Recorded;
using Hone.Text;

namespace Hone.Benchmarks.Works;

/// <summary>
/// P7: tokenizing 50 MB of text in batches with all threads, or the first 5 MB one document after the other.
/// </summary>
/// <param name="tokenizer">The tokenizer's name.</param>
/// <param name="isBatch">Whether in batches.</param>
internal sealed class TokenizingWork(string tokenizer, bool isBatch) : IWorkload
{
    private const long SingleBytes = 5_000_000;
    private const int DocumentsPerCall = 1000;
    private const int WarmUp = 50;

    public string Name => $"P7/{tokenizer}/{(isBatch ? "batch" : "single")}";

    public string Description => isBatch
        ? $"tokenizing 50 MB with {tokenizer}, {DocumentsPerCall} documents a call, all threads"
        : $"tokenizing 5 MB with {tokenizer}, a document a call, one thread";

    public bool IsQuick => true;

    public TimeSpan Limit => TimeSpan.FromMinutes(10);

    public IEnumerable<CountedProduct> Products => [];

    public Subject Subject(int _) => new()
    {
        Work = Name,
        Variant = isBatch ? "encode_batch" : "encode",
        Metric = "MB/s",
        Threads = isBatch ? Environment.ProcessorCount : 1, // batches take all of them, whatever the round says
    };

    public bool IsUsual(ProcessorRecord processor) => true;

    public string? Missing(WorkContext context) =>
        TextFolder(context) is null
            ? $"needs the text of P7, found neither {TokenizingText.PeersFile} nor {TokenizingText.DocumentsFile} in "
                + $"{string.Join(", ", context.Texts.TextFolders)}"
            : TokenizerFolder(context) is null
                ? $"needs the tokenizer {tokenizer}, found none in {string.Join(", ", TokenizerFolders(context))}"
                : null;

    public IEnumerable<Measurement> Run(WorkContext context)
    {
        var runs = context.IsQuick ? 2 : 3;
        var text = TokenizingText.Read(TextFolder(context)!, isBatch ? TokenizingText.WholeBytes : SingleBytes);
        var loaded = Tokenizer.Load(TokenizerFolder(context)!);
        foreach (var document in text.Documents.Take(WarmUp))
        {
            loaded.EncodeIds(document, addSpecialTokens: false);
        }

        var clock = CoreClock.Measure(context.Time);
        var (rates, counts) = (new List<double>(), new List<long>());
        for (var run = 0; run < runs; run++)
        {
            var begin = context.Time.GetTimestamp();
            counts.Add(isBatch ? CountTogether(loaded, text.Documents) : Count(loaded, text.Documents));
            rates.Add(text.Bytes / context.Time.GetElapsedTime(begin).TotalSeconds / 1e6);
        }

        var median = Spread.Of(rates).Median;
        var extra = new JsonObject
        {
            ["bytes"] = text.Bytes,
            ["documents"] = text.Documents.Count,
            ["tokens"] = counts[0],
            ["fresh"] = Math.Round(rates[0], 2),
            ["warm"] = Math.Round(rates.Max(), 2),
        };
        if (clock is { } cycles)
        {
            extra["clock_ghz"] = Math.Round(cycles / 1e9, 2);
            extra["cycles_per_byte"] = Math.Round(cycles * Subject(context.Threads).Threads / (median * 1e6), 2);
        }

        var subject =
            Subject(context.Threads) with { Settings = new JsonObject { ["runs"] = runs, ["bytes"] = text.Bytes } };
        yield return new Measurement(subject, rates, Results(text, counts))
        {
            Cost = Cost.OfBytes(1e6),
            UnitsPerSecond = median,
            PeakBytes = PeakMemory.Read(),
            Extra = extra,
        };
    }

    private static long Count(Tokenizer tokenizer, IReadOnlyList<string> documents)
    {
        var count = 0L;
        foreach (var document in documents)
        {
            count += tokenizer.EncodeIds(document, addSpecialTokens: false).Length;
        }

        return count;
    }

    private static long CountTogether(Tokenizer tokenizer, IReadOnlyList<string> documents) =>
        documents.Chunk(DocumentsPerCall).Sum(
            call => (long)tokenizer.EncodeBatch(call, addSpecialTokens: false).Ids.Length);

    /// <summary>
    /// The number of tokens is that of the other programs; where they do not agree, as with unigram, it is near theirs.
    /// </summary>
    private Check Results(TokenizingText text, List<long> counts)
    {
        var expected = PeerRecord.Shipped().Tokens(Name);
        var agreed = expected switch
        {
            [] => new Check(true, "no other program has counted the tokens"),
            [var one] => Check.Equal("tokens", counts[0], one),
            _ => Check.Within(
                "tokens differ from the nearest program's by a share of",
                expected.Min(one => Math.Abs(counts[0] - one) / (double)one), 1e-3),
        };
        var same = Check.Equal("repetitions that count differently", counts.Distinct().Count() - 1, 0);
        return isBatch
            ? Check.All(agreed, same, new Check(text.Digest() == TokenizingText.Sha256, "the text has its digest"))
            : Check.All(agreed, same);
    }

    private string? TokenizerFolder(WorkContext context) =>
        TokenizerFolders(context).FirstOrDefault(folder => File.Exists(Path.Combine(folder, "tokenizer.json")));

    private IReadOnlyList<string> TokenizerFolders(WorkContext context) =>
        tokenizer == "unigram" ? context.Texts.UnigramFolders : [Path.Combine(context.Texts.Tokenizers, tokenizer)];

    private static string? TextFolder(WorkContext context) =>
        context.Texts.TextFolders.FirstOrDefault(TokenizingText.IsIn);
}
