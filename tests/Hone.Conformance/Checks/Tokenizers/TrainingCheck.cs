using System.Text.Json.Nodes;
using Hone.Conformance.Checking;
using Hone.Conformance.Goldens;
using Hone.Text.Training;

namespace Hone.Conformance.Checks.Tokenizers;

/// <summary>Vocabularies learnt from the recorded texts.</summary>
/// <remarks>
/// The library gives characters with a prefix or suffix their ids in an order that changes from run to run, and ties
/// follow ids: that order is taken from the case, as its note says. Scores of Unigram are compared to 0.01, pieces as a
/// set.
/// </remarks>
public sealed class TrainingCheck : ICheck
{
    public string Area => "tokenizers";

    public IReadOnlyList<string> Kinds => ["training/*"];

    public void Run(GoldenCase golden, Findings findings)
    {
        var record = golden.Record;
        var texts = File.ReadAllText(golden.Beside(record["corpus"].Text)).Split('\n');
        var trainer = new TokenizerTrainer(new TokenizerParts
        {
            Normalizer = Node(record["normalizer"]),
            PreTokenizer = Node(record["pre_tokenizer"]),
        });
        var expected = record["trainer"].Text == "UnigramTrainer"
            ? []
            : record["vocab"].Items.Select(token => token.Text).ToList();
        var options = record["options"];
        var model = record["model_options"];
        switch (record["trainer"].Text)
        {
            case "BpeTrainer":
                CompareMerges(trainer.Train(texts, Bpe(options, expected)), record, expected, findings);
                break;
            case "WordPieceTrainer":
                var wordPiece = new WordPieceTrainingOptions
                {
                    VocabularySize = Size(options),
                    MinFrequency = Limit(options, "min_frequency") ?? 0,
                    SpecialTokens = Texts(options, "special_tokens"),
                    LimitAlphabet = Limit(options, "limit_alphabet"),
                    InitialAlphabet = Texts(options, "initial_alphabet"),
                    ContinuingSubwordPrefix = model.TextOr("continuing_subword_prefix", "##"),
                    UnknownToken = model.TextOr("unk_token", "[UNK]"),
                    FirstTokens = FirstTokens(expected, options, model.TextOr("continuing_subword_prefix", "##"), ""),
                };
                findings.SameList("vocab", expected, trainer.Train(texts, wordPiece).Tokens);
                break;
            case "WordLevelTrainer":
                var wordLevel = new WordLevelTrainingOptions
                {
                    VocabularySize = Size(options),
                    MinFrequency = Limit(options, "min_frequency") ?? 0,
                    SpecialTokens = Texts(options, "special_tokens"),
                    UnknownToken = model.TextOr("unk_token", ""),
                };
                findings.SameList("vocab", expected, trainer.Train(texts, wordLevel).Tokens);
                break;
            case "UnigramTrainer":
                CompareUnigram(trainer.Train(texts, Unigram(options)), record, findings);
                break;
            case var other:
                throw new GoldenException($"{golden.Name}: no such trainer is known: {other}");
        }
    }

    private static BpeTrainingOptions Bpe(Field options, List<string> expected)
    {
        var (prefix, suffix) = (
            options.TextOr("continuing_subword_prefix", ""), options.TextOr("end_of_word_suffix", ""));
        return new BpeTrainingOptions
        {
            VocabularySize = Size(options),
            MinFrequency = Limit(options, "min_frequency") ?? 0,
            SpecialTokens = Texts(options, "special_tokens"),
            LimitAlphabet = Limit(options, "limit_alphabet"),
            InitialAlphabet = Texts(options, "initial_alphabet"),
            ContinuingSubwordPrefix = prefix,
            EndOfWordSuffix = suffix,
            MaxTokenLength = Limit(options, "max_token_length"),
            FirstTokens = prefix.Length + suffix.Length == 0 ? [] : FirstTokens(expected, options, prefix, suffix),
        };
    }

    private static UnigramTrainingOptions Unigram(Field options)
    {
        var usual = new UnigramTrainingOptions();
        return new UnigramTrainingOptions
        {
            VocabularySize = options.Find("vocab_size") is { } size ? (int)size.Whole : usual.VocabularySize,
            SpecialTokens = Texts(options, "special_tokens"),
            InitialAlphabet = Texts(options, "initial_alphabet"),
            UnknownToken = options.TextOr("unk_token", ""),
            ShrinkingFactor = options.Find("shrinking_factor")?.Number ?? usual.ShrinkingFactor,
            MaxPieceLength = Limit(options, "max_piece_length") ?? usual.MaxPieceLength,
            SubIterations = Limit(options, "n_sub_iterations") ?? usual.SubIterations,
        };
    }

    private static void CompareMerges(
        TrainedTokenizer got, Field record, List<string> expected, Findings findings)
    {
        findings.SameList("vocab", expected, got.Tokens);
        findings.SameList(
            "merges",
            [.. record["merges"].Items.Select(merge => $"{merge.Items[0].Text} + {merge.Items[1].Text}")],
            [.. got.Content["model"]!["merges"]!.AsArray().Select(merge => $"{merge![0]} + {merge[1]}")]);
    }

    private static void CompareUnigram(TrainedTokenizer got, Field record, Findings findings)
    {
        var tolerance = new Tolerance(Absolute: 0.01, Relative: 0);
        var expected = record["vocab"].Items
            .Select(piece => (Text: piece.Items[0].Text, Score: piece.Items[1].Number))
            .OrderBy(piece => piece.Text, StringComparer.Ordinal)
            .ToList();
        var learnt = got.Content["model"]!["vocab"]!.AsArray()
            .Select(piece => (Text: (string)piece![0]!, Score: (double)piece[1]!))
            .OrderBy(piece => piece.Text, StringComparer.Ordinal)
            .ToList();
        findings.SameList("pieces", [.. expected.Select(one => one.Text)], [.. learnt.Select(one => one.Text)]);
        findings.Close(
            "scores", [.. expected.Select(one => one.Score)], [.. learnt.Select(one => one.Score)], tolerance);
    }

    /// <summary>The special tokens and the alphabet with and without affixes, in the recorded order: all that stands
    /// before the first token of two characters.</summary>
    private static IReadOnlyList<string> FirstTokens(List<string> expected, Field options, string prefix, string suffix)
    {
        var special = Texts(options, "special_tokens");
        return
        [
            .. expected.TakeWhile(token => special.Contains(token) || Length(token) == 1
                || Length(Without(token, prefix, suffix)) <= 1),
        ];
    }

    private static string Without(string token, string prefix, string suffix)
    {
        var inner = token.StartsWith(prefix, StringComparison.Ordinal) ? token[prefix.Length..] : token;
        return inner.EndsWith(suffix, StringComparison.Ordinal) ? inner[..^suffix.Length] : inner;
    }

    private static int Length(string token) => token.EnumerateRunes().Count();

    private static int Size(Field options) => Limit(options, "vocab_size") ?? new BpeTrainingOptions().VocabularySize;

    private static int? Limit(Field options, string name) =>
        options.Find(name) is { IsNull: false } number ? (int)number.Whole : null;

    private static IReadOnlyList<string> Texts(Field options, string name) =>
        options.Find(name) is { } list ? [.. list.Items.Select(item => item.Text)] : [];

    private static JsonNode? Node(Field part) => JsonNode.Parse(part.Json.GetRawText());
}
