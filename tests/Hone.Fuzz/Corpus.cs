using System.Text;

namespace Hone.Fuzz;

/// <summary>What is changed next: the sound inputs, and those changed ones that reached a new place.</summary>
/// <remarks>A place is known by the answer: another refusal, or another amount of what was read.</remarks>
/// <param name="seeds">The sound inputs; at least one.</param>
internal sealed class Corpus(IReadOnlyList<byte[]> seeds)
{
    private const int Limit = 2048;

    private readonly List<byte[]> _inputs = [.. seeds];
    private readonly HashSet<string> _shapes = [];

    /// <summary>Half of the time a sound input, since most changed ones are refused at their head.</summary>
    public byte[] Draw(Draws draws) => draws.Below(2) == 0 ? draws.Of(seeds) : draws.Of(_inputs);

    /// <summary>Keeps an input whose answer was new.</summary>
    public void Add(byte[] input, string answer)
    {
        if (_inputs.Count < Limit && _shapes.Add(ShapeOf(answer)))
        {
            _inputs.Add(input);
        }
    }

    /// <summary>An answer without what it quotes and counts.</summary>
    private static string ShapeOf(string answer)
    {
        var text = new StringBuilder(answer.Length);
        var quoted = false;
        foreach (var letter in answer)
        {
            quoted ^= letter == '"';
            if (!quoted && !char.IsAsciiDigit(letter))
            {
                text.Append(letter);
            }
        }

        return text.ToString();
    }
}
