using System.Text;
using Hone.Text.Models;
using Hone.Text.Pipeline;

namespace Hone.Text.Reading;

/// <summary>Reads the model of <c>tokenizer.json</c>.</summary>
internal static class ModelReader
{
    /// <summary>Whether the model can work on bytes as they are instead of letters that stand for them.</summary>
    public static bool CanReadBytes(JsonPart part) =>
        TypeOf(part) == "BPE" && !part.Bool("byte_fallback", false)
        && string.IsNullOrEmpty(part.Text("continuing_subword_prefix"))
            && string.IsNullOrEmpty(part.Text("end_of_word_suffix"));

    /// <summary>Reads the model.</summary>
    /// <param name="part">The part <c>model</c>.</param>
    /// <param name="staysInBytes">Whether pieces come as raw bytes, the vocabulary being spelt in the byte
    /// alphabet.</param>
    public static ITokenModel Read(JsonPart part, bool staysInBytes) => TypeOf(part) switch
    {
        "BPE" => ReadBpe(part, staysInBytes),
        "Unigram" => ReadUnigram(part),
        "WordPiece" => new WordPieceModel(
            new Vocabulary(VocabularyReader.Read(part.Get("vocab"))),
            part.Text("unk_token") ?? "[UNK]",
            part.Text("continuing_subword_prefix") ?? "##",
            part.Find("max_input_chars_per_word")?.Int() ?? 100),
        "WordLevel" => new WordLevelModel(
            new Vocabulary(VocabularyReader.Read(part.Get("vocab"))), part.Text("unk_token") ?? "<unk>"),
        var other => throw part.Fault($"must be of the type BPE, Unigram, WordPiece or WordLevel, got {other}"),
    };

    // Old files leave the type out; what the members are called gives it away, as in the library.
    private static string TypeOf(JsonPart part) => part.Text("type") switch
    {
        { } type => type,
        _ when part.Find("merges") is not null => "BPE",
        _ when part.Find("unk_id") is not null => "Unigram",
        _ when part.Find("continuing_subword_prefix") is not null => "WordPiece",
        _ => "WordLevel",
    };

    private static BpeModel ReadBpe(JsonPart part, bool staysInBytes)
    {
        if (part.Find("dropout") is { } dropout && dropout.Double() != 0)
        {
            throw dropout.Fault($"must be 0 or null, since encoding draws no chances here, got {dropout.Double()}");
        }

        var entries = VocabularyReader.Read(part.Get("vocab"));
        var vocabulary = new Vocabulary(entries);
        var options = new BpeOptions
        {
            SymbolsAreBytes = staysInBytes,
            UnknownId = part.Text("unk_token") is { } unknown && vocabulary.Find(unknown) is >= 0 and var id
                ? id
                : null,
            FuseUnknown = part.Bool("fuse_unk", false),
            ByteFallback = part.Bool("byte_fallback", false),
            IgnoreMerges = part.Bool("ignore_merges", false),
            ContinuingPrefix = part.Text("continuing_subword_prefix") ?? "",
            EndSuffix = part.Text("end_of_word_suffix") ?? "",
        };
        var merges =
            new MergeReader(vocabulary, Encoding.UTF8.GetByteCount(options.ContinuingPrefix)).Read(part.Get("merges"));
        return new BpeModel(vocabulary, staysInBytes ? InBytes(entries) : vocabulary, merges, options);
    }

    private static UnigramModel ReadUnigram(JsonPart part)
    {
        List<(byte[] Token, int Id)> entries = [];
        List<double?> scores = [];
        foreach (var item in part.Get("vocab").Items())
        {
            JsonPart[] fields = [.. item.Items()];
            if (fields is not [var token, var score])
            {
                throw item.Fault($"must be a token and its score, got {fields.Length} items");
            }

            entries.Add((Encoding.UTF8.GetBytes(token.Text()), entries.Count));
            scores.Add(score.Double());
        }

        var unknown = part.Find("unk_id");
        if (unknown is { } place && place.Int() >= entries.Count)
        {
            throw place.Fault($"must be one of the {entries.Count} tokens, got {place.Int()}");
        }

        return new UnigramModel(new Vocabulary(entries), new UnigramOptions
        {
            Scores = [.. scores],
            UnknownScore = (scores.Min() ?? 0) - UnigramOptions.UnknownPenalty,
            UnknownId = unknown?.Int(),
            ByteFallback = part.Bool("byte_fallback", false),
        });
    }

    private static Vocabulary InBytes(List<(byte[] Token, int Id)> entries)
    {
        List<(byte[] Token, int Id)> spelt = [];
        foreach (var (token, id) in entries)
        {
            // What is not in the alphabet, such as a special token's text, no piece can spell.
            if (ByteAlphabet.BytesOf(Encoding.UTF8.GetString(token)) is { } bytes)
            {
                spelt.Add((bytes, id));
            }
        }

        return new Vocabulary(spelt);
    }
}
