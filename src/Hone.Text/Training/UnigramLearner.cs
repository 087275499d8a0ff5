namespace Hone.Text.Training;

/// <summary>Learns a Unigram vocabulary: from many pieces, by expectation and maximization, to those that are worth
/// most.</summary>
/// <remarks>
/// Kudo, arXiv:1804.10959, section 3.2, with the rules of SentencePiece and of the <c>tokenizers</c> library: the
/// sparse prior of Liang and Klein (ACL 2007 tutorial), pruning by the loss when a piece is written in its second-best
/// way. Sums go over fixed parts of the words in a fixed order, so that the result does not depend on the number of
/// processors.
/// </remarks>
internal sealed class UnigramLearner
{
    private const int Parts = 8;
    private const double LeastExpected = 0.5;
    private const double UnknownPenalty = 10;
    private const double MissingLetterStep = 1e-4;

    private readonly UnigramTrainingOptions _options;
    private readonly CancellationToken _cancel;
    private readonly SymbolText _text;
    private readonly long[] _counts;
    private List<SymbolPiece> _pieces;
    private double[] _scores;

    private UnigramLearner(
        IReadOnlyList<(string Word, long Count)> words, UnigramTrainingOptions options, CancellationToken cancel)
    {
        (_options, _cancel) = (options, cancel);
        var alphabet = options.InitialAlphabet.Where(text => text.Length > 0).Select(
            text => text.EnumerateRunes().First());
        _text = new SymbolText(words, alphabet);
        _counts = [.. words.Select(word => word.Count)];
        var letters = new long[_text.Letters];
        for (var word = 0; word < _text.Words; word++)
        {
            foreach (var symbol in _text.Word(word))
            {
                letters[symbol - 1] += _counts[word];
            }
        }

        var seeds = new SubstringSeeds(_text, options.MaxPieceLength).Find(letters, options.SeedSize);
        var sum = Math.Log(seeds.Sum(seed => seed.Weight));
        _pieces = [.. seeds.Select(seed => seed.Piece)];
        _scores = [.. seeds.Select(seed => Math.Log(seed.Weight) - sum)];
    }

    /// <summary>Learns from words.</summary>
    /// <param name="words">The words.</param>
    /// <param name="room">How many pieces there may be.</param>
    /// <param name="options">How to learn.</param>
    /// <param name="cancel">Asks to stop.</param>
    /// <returns>The pieces with their log-probabilities, the most probable first.</returns>
    /// <exception cref="TokenizerException">There are more characters than there is room.</exception>
    public static IReadOnlyList<(string Piece, double Score)> Learn(
        IReadOnlyList<(string Word, long Count)> words,
        int room,
        UnigramTrainingOptions options,
        CancellationToken cancel)
    {
        var learner = new UnigramLearner(words, options, cancel);
        if (learner._text.Letters > room)
        {
            throw new TokenizerException(
                "vocabulary",
                $"must have room for all {learner._text.Letters} characters of the texts, has room for {room}; make it "
                + "larger, or normalize the texts");
        }

        learner.Run();
        return learner.Finish(room);
    }

    private int Wanted => _options.VocabularySize * 11 / 10;

    private void Run()
    {
        while (true)
        {
            for (var round = 0; round < _options.SubIterations; round++)
            {
                Maximize(Expect());
            }

            var before = _pieces.Count;
            if (before + 1 <= Wanted)
            {
                return;
            }

            Prune();
            if (_pieces.Count >= before)
            {
                return;
            }
        }
    }

    /// <summary>How often each piece is expected in the words.</summary>
    private double[] Expect() => OverParts((lattice, word, expected) => lattice.AddExpected(_counts[word], expected));

    /// <summary>New probabilities: log θ = ψ(n) − ψ(Σn), which favours few pieces; those expected less than half a time
    /// are dropped.</summary>
    private void Maximize(double[] expected)
    {
        var kept = Enumerable.Range(0, _pieces.Count).Where(piece => expected[piece] >= LeastExpected).ToList();
        var sum = Digamma.Of(kept.Sum(piece => expected[piece]));
        _scores = [.. kept.Select(piece => Digamma.Of(expected[piece]) - sum)];
        _pieces = [.. kept.Select(piece => _pieces[piece])];
    }

    /// <summary>Keeps pieces that cannot be done without, and of the others those whose loss costs most.</summary>
    private void Prune()
    {
        var lattice = Lattice(new PieceTrie(_text, _pieces));
        var ways = _pieces.Select(piece =>
        {
            lattice.Set(_text.Of(piece));
            return lattice.TakeTwo();
        }).ToList();
        var used = OverParts((one, word, freq) =>
            one.TakeBest(piece => freq[piece == PieceLattice.Unknown ? _pieces.Count : piece] += _counts[word]));

        var all = used.Sum();
        var words = (double)_counts.Sum();
        List<int> kept = [];
        List<(int Piece, double Loss)> candidates = [];
        for (var piece = 0; piece < _pieces.Count; piece++)
        {
            var (first, second) = ways[piece];
            if (used[piece] == 0 && second is not null && first.Count > 1)
            {
                continue;
            }

            if (second is null || first.Count > 1)
            {
                kept.Add(piece);
            }
            else if (used[piece] > 0)
            {
                candidates.Add((piece, Loss(used, all, words, piece, second)));
            }
        }

        var room = Math.Max(Wanted, (int)((_pieces.Count + 1) * _options.ShrinkingFactor)) - 1;
        kept.AddRange(candidates
            .OrderByDescending(one => one.Loss)
            .Take(Math.Max(0, room - kept.Count))
            .Select(one => one.Piece));
        _scores = [.. kept.Select(piece => _scores[piece])];
        _pieces = [.. kept.Select(piece => _pieces[piece])];
    }

    /// <summary>How much the likelihood falls when a piece is written in other pieces.</summary>
    /// <remarks>The number of tokens is taken to grow by the piece's uses times the size of the vocabulary, as in
    /// the library, where the number of its other pieces was meant: so the vocabularies are the same.</remarks>
    private double Loss(double[] used, double all, double words, int piece, List<int> others)
    {
        var own = Math.Log(used[piece]) - Math.Log(all);
        var allThen = Math.Log(all + (used[piece] * _pieces.Count));
        var then = others.Sum(other =>
            Math.Log(used[other == PieceLattice.Unknown ? used.Length - 1 : other] + used[piece]) - allThen);
        return used[piece] / words * (own - then);
    }

    private IReadOnlyList<(string Piece, double Score)> Finish(int room)
    {
        var least = _scores.DefaultIfEmpty(0).Min();
        var missing = 0;
        var byLetter = _pieces.Index().Where(one => one.Item.Length == 1)
            .ToDictionary(one => _text.Of(one.Item)[0], one => _scores[one.Index]);
        List<(string Piece, double Score)> result = [];
        for (var letter = 0; letter < _text.Letters; letter++)
        {
            var score = byLetter.TryGetValue(letter + 1, out var known)
                ? known
                : least + (MissingLetterStep * missing++);
            result.Add((_text.TextOf(new SymbolPiece(_text.FirstLetter + letter, 1)), score));
        }

        result.AddRange(_pieces.Index()
            .Where(one => one.Item.Length > 1)
            .Take(room - result.Count)
            .Select(one => (_text.TextOf(one.Item), _scores[one.Index])));
        return [.. result.OrderByDescending(one => one.Score)];
    }

    /// <summary>Sums up over all words, part by part: for each piece, and at last for unknown characters.</summary>
    private double[] OverParts(Action<PieceLattice, int, double[]> add)
    {
        var trie = new PieceTrie(_text, _pieces);
        var sums = new double[Parts][];
        Parallel.For(0, Parts, new ParallelOptions { CancellationToken = _cancel }, part =>
        {
            var lattice = Lattice(trie);
            sums[part] = new double[_pieces.Count + 1];
            var (first, last) = ((long)_text.Words * part / Parts, (long)_text.Words * (part + 1) / Parts);
            for (var word = (int)first; word < last; word++)
            {
                lattice.Set(_text.Word(word));
                add(lattice, word, sums[part]);
            }
        });
        return [.. Enumerable.Range(0, _pieces.Count + 1).Select(piece => sums.Sum(sum => sum[piece]))];
    }

    private PieceLattice Lattice(PieceTrie trie) =>
        new(trie, _scores, _scores.DefaultIfEmpty(0).Min() - UnknownPenalty);
}
