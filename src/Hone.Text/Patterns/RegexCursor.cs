using System.Text;

namespace Hone.Text.Patterns;

/// <summary>A place in a regular expression that is being read.</summary>
internal sealed class RegexCursor(string pattern)
{
    private const int DeepestNesting = 100;

    private readonly int[] _runes = [.. pattern.EnumerateRunes().Select(rune => rune.Value)];
    private int _depth;

    /// <summary>How many characters have been read.</summary>
    public int Position { get; set; }

    /// <summary>Whether all has been read.</summary>
    public bool IsAtEnd => Position == _runes.Length;

    /// <summary>The next character.</summary>
    /// <exception cref="FormatException">There is none.</exception>
    public int Peek() => IsAtEnd ? throw Fault("ends too early") : _runes[Position];

    /// <summary>The character after the next <paramref name="ahead"/>; −1 behind the end.</summary>
    public int Peek(int ahead) => Position + ahead < _runes.Length ? _runes[Position + ahead] : -1;

    /// <summary>Reads the next character.</summary>
    /// <exception cref="FormatException">There is none.</exception>
    public int Next()
    {
        var rune = Peek();
        Position++;
        return rune;
    }

    /// <summary>Reads the next character if it is <paramref name="rune"/>.</summary>
    public bool Take(int rune)
    {
        var taken = Peek(0) == rune;
        Position += taken ? 1 : 0;
        return taken;
    }

    /// <summary>Reads up to, and with, <paramref name="end"/>, and returns what stands before it.</summary>
    /// <exception cref="FormatException">It does not come.</exception>
    public string TakeUntil(int end)
    {
        var text = new StringBuilder();
        for (var rune = Next(); rune != end; rune = Next())
        {
            text.Append(new Rune(rune).ToString());
        }

        return text.ToString();
    }

    /// <summary>Goes one level deeper.</summary>
    /// <exception cref="FormatException">That is too deep.</exception>
    public void Enter()
    {
        if (++_depth > DeepestNesting)
        {
            throw Fault($"nests deeper than {DeepestNesting} groups");
        }
    }

    /// <summary>Comes back from a level.</summary>
    public void Leave() => _depth--;

    /// <summary>A fault at this place.</summary>
    public FormatException Fault(string problem) =>
        new($"the pattern \"{pattern}\" {problem} (at character {Position})");
}
