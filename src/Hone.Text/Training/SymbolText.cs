using System.Text;

namespace Hone.Text.Training;

/// <summary>Words as numbers, one for each character, in one array: 0 ends a word, characters count from 1 in the order
/// of their code points.</summary>
internal sealed class SymbolText
{
    private readonly int[] _codePoints;     // [symbol]

    /// <summary>Lays words out.</summary>
    /// <param name="words">The words.</param>
    /// <param name="extra">Characters that are to have numbers though no word has them.</param>
    public SymbolText(IReadOnlyList<(string Word, long Count)> words, IEnumerable<Rune> extra)
    {
        var known = new SortedSet<int>(extra.Select(rune => rune.Value));
        foreach (var (word, _) in words)
        {
            foreach (var rune in word.EnumerateRunes())
            {
                known.Add(rune.Value);
            }
        }

        _codePoints = [0, .. known];
        var numbers = new Dictionary<int, int>();
        for (var symbol = 1; symbol < _codePoints.Length; symbol++)
        {
            numbers.Add(_codePoints[symbol], symbol);
        }

        List<int> symbols = [];
        Starts = new int[words.Count + 1];
        for (var word = 0; word < words.Count; word++)
        {
            symbols.AddRange(words[word].Word.EnumerateRunes().Select(rune => numbers[rune.Value]));
            symbols.Add(0);
            Starts[word + 1] = symbols.Count;
        }

        // Each character once more, so that any piece of one character can point to a place in the text.
        FirstLetter = symbols.Count;
        symbols.AddRange(Enumerable.Range(1, _codePoints.Length - 1));
        Symbols = [.. symbols];
    }

    /// <summary>The symbols of all words, each word ended by 0, and then one of each character.</summary>
    public int[] Symbols { get; }

    /// <summary>Where each word begins; its end is one before the next.</summary>
    public int[] Starts { get; }

    /// <summary>Where the characters stand one by one.</summary>
    public int FirstLetter { get; }

    /// <summary>Number of characters.</summary>
    public int Letters => _codePoints.Length - 1;

    /// <summary>Number of words.</summary>
    public int Words => Starts.Length - 1;

    /// <summary>The symbols of a word.</summary>
    public ReadOnlySpan<int> Word(int word) => Symbols.AsSpan(Starts[word]..(Starts[word + 1] - 1));

    /// <summary>The symbols of a piece.</summary>
    public ReadOnlySpan<int> Of(SymbolPiece piece) => Symbols.AsSpan(piece.Start, piece.Length);

    /// <summary>A piece as text.</summary>
    public string TextOf(SymbolPiece piece)
    {
        var text = new StringBuilder();
        foreach (var symbol in Of(piece))
        {
            text.Append(new Rune(_codePoints[symbol]).ToString());
        }

        return text.ToString();
    }
}

/// <summary>Some symbols in a row.</summary>
/// <param name="Start">Where they stand.</param>
/// <param name="Length">How many they are.</param>
internal readonly record struct SymbolPiece(int Start, int Length);
