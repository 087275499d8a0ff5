using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using Hone.Text.Reading;

namespace Hone.Text.Training;

/// <summary>Learns vocabularies from texts, as the trainers of the <c>tokenizers</c> library do. Words are counted on
/// all processors; the result depends on the texts alone, not on their order.</summary>
/// <param name="parts">How texts are normalized and cut into words, and what else the tokenizer is to have.</param>
public sealed class TokenizerTrainer(TokenizerParts parts)
{
    /// <summary>Learns a BPE vocabulary.</summary>
    /// <exception cref="TokenizerException">A part cannot be read.</exception>
    public TrainedTokenizer Train(
        IEnumerable<string> texts, BpeTrainingOptions options, CancellationToken cancel = default)
    {
        var (tokens, merges) = BpeLearner.Learn(Count(texts, cancel), options, cancel);
        var pairs = new JsonArray([.. merges.Select(merge => (JsonNode)new JsonArray(merge.Left, merge.Right))]);
        return Finish(options.SpecialTokens, tokens, new JsonObject
        {
            ["type"] = "BPE",
            ["dropout"] = null,
            ["unk_token"] = OrNull(options.UnknownToken),
            ["continuing_subword_prefix"] = OrNull(options.ContinuingSubwordPrefix),
            ["end_of_word_suffix"] = OrNull(options.EndOfWordSuffix),
            ["fuse_unk"] = false,
            ["byte_fallback"] = false,
            ["ignore_merges"] = false,
            ["vocab"] = Ids(tokens),
            ["merges"] = pairs,
        });
    }

    /// <summary>Learns a WordPiece vocabulary.</summary>
    /// <exception cref="TokenizerException">A part cannot be read.</exception>
    public TrainedTokenizer Train(
        IEnumerable<string> texts, WordPieceTrainingOptions options, CancellationToken cancel = default)
    {
        var asBpe = new BpeTrainingOptions
        {
            VocabularySize = options.VocabularySize,
            MinFrequency = options.MinFrequency,
            SpecialTokens = options.SpecialTokens,
            LimitAlphabet = options.LimitAlphabet,
            InitialAlphabet = options.InitialAlphabet,
            ContinuingSubwordPrefix = options.ContinuingSubwordPrefix,
            FirstTokens = options.FirstTokens,
        };
        var (tokens, _) = BpeLearner.Learn(Count(texts, cancel), asBpe, cancel);
        return Finish(options.SpecialTokens, tokens, new JsonObject
        {
            ["type"] = "WordPiece",
            ["unk_token"] = options.UnknownToken,
            ["continuing_subword_prefix"] = options.ContinuingSubwordPrefix,
            ["max_input_chars_per_word"] = 100,
            ["vocab"] = Ids(tokens),
        });
    }

    /// <summary>Takes the most frequent words.</summary>
    /// <exception cref="TokenizerException">A part cannot be read.</exception>
    public TrainedTokenizer Train(
        IEnumerable<string> texts, WordLevelTrainingOptions options, CancellationToken cancel = default)
    {
        var tokens = WordLevelLearner.Learn(Count(texts, cancel), options);
        return Finish(options.SpecialTokens, tokens, new JsonObject
        {
            ["type"] = "WordLevel",
            ["vocab"] = Ids(tokens),
            ["unk_token"] = options.UnknownToken,
        });
    }

    /// <summary>Learns a Unigram vocabulary.</summary>
    /// <exception cref="TokenizerException">A part cannot be read, or there are more characters than there is
    /// room.</exception>
    public TrainedTokenizer Train(
        IEnumerable<string> texts, UnigramTrainingOptions options, CancellationToken cancel = default)
    {
        string[] first = options.UnknownToken.Length == 0 || options.SpecialTokens.Contains(options.UnknownToken)
            ? [.. options.SpecialTokens]
            : [options.UnknownToken, .. options.SpecialTokens];
        string[] bytes = options.ByteFallback
            ? [.. Enumerable.Range(0, 256).Select(
                value => string.Create(CultureInfo.InvariantCulture, $"<0x{value:X2}>"))]
            : [];
        var pieces = UnigramLearner.Learn(
            Count(texts, cancel), options.VocabularySize - first.Length - bytes.Length, options, cancel);
        List<(string Piece, double Score)> all = [.. first.Concat(bytes).Select(token => (token, 0.0)), .. pieces];
        int? unknown = options.UnknownToken.Length == 0 ? null : Array.IndexOf(first, options.UnknownToken);
        return Finish(first, [.. all.Select(one => one.Piece)], new JsonObject
        {
            ["type"] = "Unigram",
            ["unk_id"] = unknown,
            ["vocab"] = new JsonArray([.. all.Select(one => (JsonNode)new JsonArray(one.Piece, one.Score))]),
            ["byte_fallback"] = options.ByteFallback,
        });
    }

    private static string? OrNull(string text) => text.Length == 0 ? null : text;

    private static JsonObject Ids(IReadOnlyList<string> tokens) =>
        new(tokens.Select((token, id) => KeyValuePair.Create(token, (JsonNode?)id)));

    private IReadOnlyList<(string Word, long Count)> Count(IEnumerable<string> texts, CancellationToken cancel)
    {
        var normalizer = parts.Normalizer is { } first ? NormalizerReader.Read(Part("normalizer", first)) : null;
        var preTokenizer = parts.PreTokenizer is { } second
            ? PreTokenizerReader.Read(Part("pre_tokenizer", second), staysInBytes: false)
            : null;
        return new WordCounter(normalizer, preTokenizer).Count(texts, cancel);
    }

    private static JsonPart Part(string name, JsonNode node) =>
        JsonPart.Root(name, JsonSerializer.SerializeToElement(node));

    private TrainedTokenizer Finish(IReadOnlyList<string> special, IReadOnlyList<string> tokens, JsonObject model)
    {
        var added = special.Distinct(StringComparer.Ordinal).Select((token, id) => (JsonNode)new JsonObject
        {
            ["id"] = id,
            ["content"] = token,
            ["single_word"] = false,
            ["lstrip"] = false,
            ["rstrip"] = false,
            ["normalized"] = false,
            ["special"] = true,
        });
        return new TrainedTokenizer(tokens, new JsonObject
        {
            ["version"] = "1.0",
            ["truncation"] = null,
            ["padding"] = null,
            ["added_tokens"] = new JsonArray([.. added]),
            ["normalizer"] = parts.Normalizer?.DeepClone(),
            ["pre_tokenizer"] = parts.PreTokenizer?.DeepClone(),
            ["post_processor"] = parts.PostProcessor?.DeepClone(),
            ["decoder"] = parts.Decoder?.DeepClone(),
            ["model"] = model,
        });
    }
}
