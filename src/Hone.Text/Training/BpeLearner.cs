using System.Text;

namespace Hone.Text.Training;

/// <summary>Learns a BPE vocabulary: the most frequent pair of neighbouring tokens becomes a token, again and
/// again.</summary>
/// <remarks>
/// Sennrich et al., arXiv:1508.07909, with the rules of the <c>tokenizers</c> library: of pairs that occur equally
/// often the one with the smaller ids is merged first; a merge that spells an existing token adds none but is recorded.
/// Counts are kept up to date word by word, so a merge costs what it touches.
/// </remarks>
internal sealed class BpeLearner
{
    private readonly BpeTrainingOptions _options;
    private readonly List<string> _tokens = [];
    private readonly Dictionary<string, int> _ids = new(StringComparer.Ordinal);
    private readonly List<int> _lengths = [];      // [token], in characters of the corpus
    private readonly PairTable _pairs = new();
    private readonly List<PairUse> _fresh = [];
    private readonly int[][] _words;
    private readonly int[] _sizes;
    private readonly long[] _counts;
    private readonly int[] _visited;               // [word], the merge that last changed it

    private BpeLearner(IReadOnlyList<(string Word, long Count)> words, BpeTrainingOptions options)
    {
        _options = options;
        foreach (var token in options.SpecialTokens.Concat(options.FirstTokens))
        {
            IdOf(token, 1);
        }

        foreach (var letter in Alphabet(words))
        {
            IdOf(letter, 1);
        }

        AddAffixed(words);
        _words = [.. words.Select(word => Spell(word.Word))];
        _sizes = [.. _words.Select(word => word.Length)];
        _counts = [.. words.Select(word => word.Count)];
        _visited = new int[_words.Length];
    }

    /// <summary>Learns from words.</summary>
    /// <returns>The tokens by id, and the merges in their order, as pairs of tokens.</returns>
    public static (IReadOnlyList<string> Tokens, IReadOnlyList<(string Left, string Right)> Merges) Learn(
        IReadOnlyList<(string Word, long Count)> words, BpeTrainingOptions options, CancellationToken cancel)
    {
        var learner = new BpeLearner(words, options);
        return (learner._tokens, learner.Merge(cancel));
    }

    private List<(string Left, string Right)> Merge(CancellationToken cancel)
    {
        for (var word = 0; word < _words.Length; word++)
        {
            for (var at = 0; at + 1 < _sizes[word]; at++)
            {
                _pairs.Add(PairTable.Key(_words[word][at], _words[word][at + 1]), _counts[word], word);
            }
        }

        _pairs.QueueAll();
        List<(string, string)> merges = [];
        while (_tokens.Count < _options.VocabularySize
            && _pairs.TakeMostFrequent() is { } use
            && use.Count >= Math.Max(1, _options.MinFrequency))
        {
            cancel.ThrowIfCancellationRequested();
            var (left, right) = ((int)(use.Pair >> 32), (int)(uint)use.Pair);
            merges.Add((_tokens[left], _tokens[right]));
            var merged = IdOf(_tokens[left] + WithoutPrefix(_tokens[right]), _lengths[left] + _lengths[right]);
            foreach (var word in use.Words)
            {
                if (_visited[word] < merges.Count)
                {
                    _visited[word] = merges.Count;
                    MergeIn(word, left, right, merged);
                }
            }

            foreach (var pair in _fresh)
            {
                pair.IsFresh = false;
                _pairs.Queue(pair);
            }

            _fresh.Clear();
        }

        return merges;
    }

    private void MergeIn(int word, int left, int right, int merged)
    {
        var symbols = _words[word].AsSpan(0, _sizes[word]);
        var count = _counts[word];
        var size = 0;
        for (var at = 0; at < symbols.Length; at++)
        {
            if (symbols[at] != left || at + 1 == symbols.Length || symbols[at + 1] != right)
            {
                symbols[size++] = symbols[at];
                continue;
            }

            if (size > 0)
            {
                _pairs.Remove(PairTable.Key(symbols[size - 1], left), count);
                AddFresh(symbols[size - 1], merged, count, word);
            }

            at++;
            if (at + 1 < symbols.Length)
            {
                _pairs.Remove(PairTable.Key(right, symbols[at + 1]), count);
                AddFresh(merged, symbols[at + 1], count, word);
            }

            symbols[size++] = merged;
        }

        _sizes[word] = size;
    }

    private void AddFresh(int left, int right, long count, int word)
    {
        if (_options.MaxTokenLength is { } most && _lengths[left] + _lengths[right] >= most)
        {
            return;
        }

        var use = _pairs.Add(PairTable.Key(left, right), count, word);
        if (!use.IsFresh)
        {
            use.IsFresh = true;
            _fresh.Add(use);
        }
    }

    /// <summary>The characters of the words by code point, as many as are wanted; those asked for count as
    /// infinitely frequent.</summary>
    private IEnumerable<string> Alphabet(IReadOnlyList<(string Word, long Count)> words)
    {
        Dictionary<Rune, long> counts = [];
        foreach (var (word, count) in words)
        {
            foreach (var letter in word.EnumerateRunes())
            {
                counts[letter] = counts.GetValueOrDefault(letter) + count;
            }
        }

        foreach (var text in _options.InitialAlphabet.Where(text => text.Length > 0))
        {
            counts[text.EnumerateRunes().First()] = long.MaxValue;
        }

        return counts
            .OrderByDescending(pair => pair.Value)
            .ThenBy(pair => pair.Key.Value)
            .Take(_options.LimitAlphabet ?? int.MaxValue)
            .Select(pair => pair.Key.Value)
            .Order()
            .Select(value => new Rune(value).ToString());
    }

    /// <summary>Characters with a prefix or suffix get ids of their own, in ordinal order.</summary>
    private void AddAffixed(IReadOnlyList<(string Word, long Count)> words)
    {
        if (_options.ContinuingSubwordPrefix.Length + _options.EndOfWordSuffix.Length == 0)
        {
            return;
        }

        var affixed = new SortedSet<string>(StringComparer.Ordinal);
        foreach (var (word, _) in words)
        {
            affixed.UnionWith(Letters(word));
        }

        foreach (var token in affixed)
        {
            IdOf(token, 1);
        }
    }

    private int[] Spell(string word) => [.. Letters(word).Select(letter => _ids[letter])];

    /// <summary>The characters of a word that the alphabet has, with what belongs to their places.</summary>
    private IEnumerable<string> Letters(string word)
    {
        var at = 0;
        foreach (var rune in word.EnumerateRunes())
        {
            var letter = rune.ToString();
            var (isFirst, isLast) = (at == 0, at + letter.Length == word.Length);
            at += letter.Length;
            if (_ids.ContainsKey(letter))
            {
                yield return $"{(isFirst ? "" : _options.ContinuingSubwordPrefix)}{letter}"
                    + (isLast ? _options.EndOfWordSuffix : "");
            }
        }
    }

    private string WithoutPrefix(string token) =>
        _options.ContinuingSubwordPrefix is { Length: > 0 } prefix && token.StartsWith(prefix, StringComparison.Ordinal)
            ? token[prefix.Length..]
            : token;

    private int IdOf(string token, int length)
    {
        if (!_ids.TryGetValue(token, out var id))
        {
            id = _tokens.Count;
            _ids.Add(token, id);
            _tokens.Add(token);
            _lengths.Add(length);
        }

        return id;
    }
}
