using System.Buffers;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using Hone.Text.Decoders;
using Hone.Text.Pipeline;
using Hone.Text.Reading;

namespace Hone.Text;

/// <summary>Turns text into token ids and back, as the <c>tokenizers</c> library does from the same files. Safe for
/// many threads.</summary>
public sealed class Tokenizer
{
    /// <summary>Stands for no token.</summary>
    private const int Odd = -1;

    private readonly TokenPipeline _pipeline;
    private readonly SpecialTokens _special;
    private readonly Dictionary<int, (AddedToken Token, string Spelling)> _added = [];
    private readonly Dictionary<string, int> _addedIds = new(StringComparer.Ordinal);
    private readonly int[] _prefix;
    private readonly int[] _suffix;
    private readonly SessionPool _sessions;
    private readonly int _pairAddition;

    internal Tokenizer(TokenPipeline pipeline, SpecialTokens special)
    {
        _pipeline = pipeline;
        _special = special;
        _sessions = new SessionPool(pipeline);
        foreach (var token in pipeline.AddedTokens)
        {
            _added[token.Id] = (token, pipeline.SpellingOf(token));
            _addedIds[token.Content] = token.Id;
        }

        VocabularySize =
            pipeline.AddedTokens.Select(token => token.Id + 1).Append(pipeline.Model.Vocabulary.Limit).Max();
        BosId = IdOfNamed(special.Bos);
        EosId = IdOfNamed(special.Eos);
        PadId = IdOfNamed(special.Pad);
        UnknownId = IdOfNamed(special.Unknown) ?? pipeline.Model.UnknownId;
        SeparatorId = IdOfNamed(special.Separator);
        ClassifierId = IdOfNamed(special.Classifier);
        MaskId = IdOfNamed(special.Mask);
        (_prefix, _suffix) = FindAffixes();
        _pairAddition = Finish([Probe(), Probe()], addSpecialTokens: true).Ids.Count(id => id != Odd);
    }

    /// <summary>One more than the largest token id.</summary>
    public int VocabularySize { get; }

    /// <summary>The token that begins a text, where <c>tokenizer_config.json</c> or <c>special_tokens_map.json</c>
    /// names one.</summary>
    public int? BosId { get; }

    /// <summary>The token that ends a text, where the same files name one.</summary>
    public int? EosId { get; }

    /// <summary>The token that fills rows up, where the same files name one.</summary>
    public int? PadId { get; }

    /// <summary>The token for what the vocabulary cannot express, where the same files or the model name one.</summary>
    public int? UnknownId { get; }

    /// <summary>The token that stands between two texts, where the same files name one.</summary>
    public int? SeparatorId { get; }

    /// <summary>The token that stands for a whole text, where the same files name one.</summary>
    public int? ClassifierId { get; }

    /// <summary>The token that stands for one to be guessed, where the same files name one.</summary>
    public int? MaskId { get; }

    /// <summary>All special tokens that the same files name, each once: those that begin, end, are unknown, part, fill,
    /// classify and mask, then the others.</summary>
    public IReadOnlyList<string> SpecialTokens => _special.All;

    /// <summary>What the same files say beside tokens.</summary>
    public TokenizerSettings Settings { get; init; } = new();

    /// <summary>How <c>tokenizer.json</c> says that texts are cut; null where it does not.
    /// <see cref="BatchEncoder"/> does it.</summary>
    public Truncation? Truncation { get; init; }

    /// <summary>How <c>tokenizer.json</c> says that texts are filled up; null where it does not.
    /// <see cref="BatchEncoder"/> does it.</summary>
    public Padding? Padding { get; init; }

    /// <summary>Reads the tokenizer of a model folder, or a tokenizer file.</summary>
    /// <exception cref="TokenizerException">The file is missing, broken or needs what is not supported.</exception>
    public static Tokenizer Load(string path) => TokenizerReader.Read(path);

    /// <summary>Reads a rank file of <c>tiktoken</c>, which holds neither pattern nor special tokens.</summary>
    /// <param name="path">The file.</param>
    /// <param name="pattern">The regular expression that cuts text into pieces.</param>
    /// <param name="specialTokens">The special tokens and their ids. In texts they become their ids; see
    /// <see cref="WithSpecialTokensAsText"/> for what <c>encode_ordinary</c> does.</param>
    /// <exception cref="TokenizerException">The file is missing or broken, or the pattern is no regular
    /// expression.</exception>
    public static Tokenizer LoadTiktoken(string path, string pattern, IReadOnlyDictionary<string, int> specialTokens) =>
        new(TiktokenReader.Read(path, pattern, specialTokens), new SpecialTokens());

    /// <summary>The ids of <paramref name="text"/>; lone surrogates count as U+FFFD.</summary>
    /// <param name="text">The text. Special tokens in it become their ids.</param>
    /// <param name="addSpecialTokens">Whether the post-processor adds its tokens, such as the one that begins a
    /// text.</param>
    /// <exception cref="TokenizerException">The text holds what the vocabulary cannot express, and there is no token
    /// for that.</exception>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public int[] EncodeIds(ReadOnlySpan<char> text, bool addSpecialTokens = true)
    {
        var session = _sessions.Lease();
        session.Encode(text, tracks: false);
        int[] ids = addSpecialTokens ? [.. _prefix, .. session.Tokens.Ids, .. _suffix] : session.Tokens.Ids.ToArray();
        _sessions.Return(session);
        return ids;
    }

    /// <summary>The ids of many texts, encoded on all processors, in order.</summary>
    /// <param name="texts">The texts.</param>
    /// <param name="addSpecialTokens">Whether the post-processor adds its tokens.</param>
    /// <exception cref="TokenizerException">A text holds what the vocabulary cannot express, and there is no token
    /// for that.</exception>
    public TokenBatch EncodeBatch(IReadOnlyList<string> texts, bool addSpecialTokens = true) =>
        TokenBatch.Of(this, texts, addSpecialTokens);

    /// <summary>The tokens of <paramref name="text"/> with all that is known of them.</summary>
    /// <param name="text">The text. Special tokens in it become their ids.</param>
    /// <param name="addSpecialTokens">Whether the post-processor adds its tokens, such as the one that begins a
    /// text.</param>
    /// <exception cref="TokenizerException">The text holds what the vocabulary cannot express, and there is no token
    /// for that.</exception>
    public TokenizedText Encode(string text, bool addSpecialTokens = true) =>
        Finish([Sequence([text], 0)], addSpecialTokens);

    /// <summary>The tokens of two texts that belong together, laid out as the post-processor does it.</summary>
    /// <param name="text">The first text.</param>
    /// <param name="pair">The second text.</param>
    /// <param name="addSpecialTokens">Whether the post-processor adds its tokens.</param>
    /// <exception cref="TokenizerException">A text holds what the vocabulary cannot express, and there is no token for
    /// that.</exception>
    public TokenizedText Encode(string text, string pair, bool addSpecialTokens = true) =>
        Finish([Sequence([text], 0), Sequence([pair], 1)], addSpecialTokens);

    /// <summary>The tokens of a text that is cut into words already; offsets are inside of each word, which is encoded
    /// by itself.</summary>
    /// <param name="words">The words.</param>
    /// <param name="addSpecialTokens">Whether the post-processor adds its tokens.</param>
    /// <exception cref="TokenizerException">A word holds what the vocabulary cannot express, and there is no token for
    /// that.</exception>
    public TokenizedText EncodeWords(IReadOnlyList<string> words, bool addSpecialTokens = true) =>
        Finish([Sequence(words, 0, wordsAreGiven: true)], addSpecialTokens);

    /// <summary>The same tokenizer, but special tokens that stand in a text are ordinary text to it: nobody can close a
    /// turn, or open one, from inside a message.</summary>
    public Tokenizer WithSpecialTokensAsText() => new(_pipeline.WithSpecialTokensAsText(), _special)
    {
        Settings = Settings,
        Truncation = Truncation,
        Padding = Padding,
    };

    /// <summary>The text of <paramref name="ids"/>; ids that are no token count for nothing.</summary>
    /// <remarks>
    /// As in the <c>tokenizers</c> library, a special token that is looked for in normalized text is spelt as the
    /// normalizer leaves it, and is not left out where that differs from its content.
    /// </remarks>
    public string Decode(ReadOnlySpan<int> ids, bool skipSpecialTokens)
    {
        var decoding = new TextDecoding(_pipeline.Decoder);
        foreach (var id in ids)
        {
            if (TryGetToken(id, skipSpecialTokens) is { } token)
            {
                decoding.Add(token);
            }
        }

        decoding.Finish();
        return decoding.TakeText();
    }

    /// <summary>Opens a decoding that takes one id after the other.</summary>
    public StreamDecoder OpenStream(bool skipSpecialTokens) =>
        new(this, new TextDecoding(_pipeline.Decoder), skipSpecialTokens);

    /// <summary>The id of a token, by its spelling in the vocabulary; null where there is none.</summary>
    public int? IdOf(string token) => _addedIds.TryGetValue(token, out var added) ? added
        : _pipeline.Model.Vocabulary.Find(token) is >= 0 and var id ? id : null;

    /// <summary>The vocabulary's spelling of a token.</summary>
    /// <exception cref="ArgumentOutOfRangeException">No token has the id.</exception>
    public string TokenOf(int id) => TryGetToken(id, skipSpecialTokens: false)
        ?? throw new ArgumentOutOfRangeException(
            nameof(id), id, $"no token has this id; ids go from 0 to {VocabularySize - 1}");

    /// <summary>Whether the tokenizer's file calls the token special.</summary>
    public bool IsSpecial(int id) => _added.TryGetValue(id, out var added) && added.Token.IsSpecial;

    /// <summary>The spelling of a token; null where no token has the id, or it is special and those are
    /// skipped.</summary>
    internal string? TryGetToken(int id, bool skipSpecialTokens)
    {
        if (_added.TryGetValue(id, out var added))
        {
            var (token, spelling) = added;
            return token.IsSpecial && skipSpecialTokens && spelling == token.Content ? null : spelling;
        }

        return _pipeline.Model.Vocabulary.Contains(id) ? _pipeline.Model.Vocabulary.TextOf(id) : null;
    }

    /// <summary>The ids of some of many texts, one after the other, in an array of the shared pool.</summary>
    /// <param name="texts">The texts.</param>
    /// <param name="range">Which of them.</param>
    /// <param name="addSpecialTokens">Whether the post-processor adds its tokens.</param>
    /// <param name="counts">Gets the number of ids of each text of the range.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    internal ArraySegment<int> RentIds(
        IReadOnlyList<string> texts, (int First, int End) range, bool addSpecialTokens, Span<int> counts)
    {
        var session = _sessions.Lease();
        var tokens = session.Tokens;
        tokens.Clear();
        for (var text = range.First; text < range.End; text++)
        {
            var before = tokens.Count;
            tokens.AddPlain(addSpecialTokens ? _prefix : []);
            session.Append(texts[text], tracks: false);
            tokens.AddPlain(addSpecialTokens ? _suffix : []);
            counts[text - range.First] = tokens.Count - before;
        }

        var ids = ArrayPool<int>.Shared.Rent(tokens.Count);
        tokens.Ids.CopyTo(ids);
        var rented = new ArraySegment<int>(ids, 0, tokens.Count);
        _sessions.Return(session);
        return rented;
    }

    /// <summary>The tokens of a text before anything is added; it is the first or, with number 1, the second of a
    /// pair.</summary>
    internal TokenSequence Read(string text, int number) => Sequence([text], number);

    /// <summary>How many tokens the post-processor adds to one text, or to a pair.</summary>
    internal int AddedTokensFor(bool isPair) => isPair ? _pairAddition : _prefix.Length + _suffix.Length;

    private TokenSequence Sequence(IReadOnlyList<string> texts, int side, bool wordsAreGiven = false)
    {
        var session = _sessions.Lease();
        var sequence = new TokenSequence();
        for (var word = 0; word < texts.Count; word++)
        {
            session.Encode(texts[word], tracks: true);
            var tokens = session.Tokens;
            for (var index = 0; index < tokens.Count; index++)
            {
                var id = tokens.Ids[index];
                var spelling = tokens.Matched.GetValueOrDefault(index) ?? TokenOf(id);
                var number = wordsAreGiven ? word : tokens.Words[index];
                sequence.Add(id, spelling, tokens.Starts[index], tokens.Ends[index], number, side);
            }
        }

        _sessions.Return(session);
        return sequence;
    }

    /// <summary>Lays sequences out as the post-processor does it.</summary>
    internal TokenizedText Finish(List<TokenSequence> sequences, bool addSpecialTokens)
    {
        _pipeline.PostProcessor?.Process(sequences, addSpecialTokens);
        var result = new TokenSequence();
        foreach (var sequence in sequences)
        {
            result.AddAll(sequence);
        }

        return result.ToResult();
    }

    // What the post-processor puts around one text is the same for every text: it is asked once, with a text of one odd
    // token.
    private (int[] Prefix, int[] Suffix) FindAffixes()
    {
        var ids = CollectionsMarshal.AsSpan([.. Finish([Probe()], addSpecialTokens: true).Ids]);
        var place = ids.IndexOf(Odd);
        return place < 0 ? ([], []) : (ids[..place].ToArray(), ids[(place + 1)..].ToArray());
    }

    private static TokenSequence Probe()
    {
        var probe = new TokenSequence();
        probe.Add(Odd, "", 0, 0, 0, 0);
        return probe;
    }

    private int? IdOfNamed(string? token) => token is null ? null : IdOf(token);
}
