using System.Text;

namespace Hone.Text.Unicode;

/// <summary>Letters that differ by case alone, one code point each.</summary>
internal static class CaseFolding
{
    // The runtime's invariant mapping keeps these apart from the ASCII and Latin-1 letters that they fold to.
    private static readonly (int Letter, int Folded)[] Extra =
        [(0x17F, 's'), (0x212A, 'k'), (0x212B, 0xE5), (0x1E9E, 0xDF), (0x3C2, 0x3C3)];

    /// <summary>Adds the other case forms of <paramref name="codePoint"/>.</summary>
    public static void AddOtherCases(int codePoint, List<int> target)
    {
        if (!Rune.IsValid(codePoint))
        {
            return;
        }

        var folded = Fold(codePoint);
        AddUnless(codePoint, folded, target);
        AddUnless(codePoint, Rune.ToUpperInvariant(new Rune(folded)).Value, target);
        foreach (var (letter, other) in Extra)
        {
            if (other == folded)
            {
                AddUnless(codePoint, letter, target);
            }
        }
    }

    private static int Fold(int codePoint)
    {
        foreach (var (letter, folded) in Extra)
        {
            if (letter == codePoint)
            {
                return folded;
            }
        }

        return Rune.ToLowerInvariant(new Rune(codePoint)).Value;
    }

    private static void AddUnless(int codePoint, int other, List<int> target)
    {
        if (other != codePoint)
        {
            target.Add(other);
        }
    }
}
