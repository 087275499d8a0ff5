using System.Globalization;

namespace Hone.Text.Unicode;

/// <summary>What characters decompose into and compose to, and the classes by which marks are ordered.</summary>
/// <remarks>Unicode Standard Annex 15. The runtime's own normalization needs ICU, and tells nothing of where characters
/// came from.</remarks>
internal sealed class Decompositions
{
    private const int HangulBase = 0xAC00;
    private const int LeadBase = 0x1100;
    private const int VowelBase = 0x1161;
    private const int TailBase = 0x11A7;
    private const int LeadCount = 19;
    private const int VowelCount = 21;
    private const int TailCount = 28;
    private const int HangulCount = LeadCount * VowelCount * TailCount;

    private static readonly Lazy<Decompositions> Loaded = new(() => new Decompositions());

    private readonly Dictionary<int, int[]> _canonical = [];
    private readonly Dictionary<int, int[]> _compatible = [];
    private readonly Dictionary<(int First, int Second), int> _compositions = [];
    private readonly Dictionary<int, byte> _classes = [];

    private Decompositions()
    {
        foreach (var fields in UnicodeData.Lines("decompositions.txt"))
        {
            var isExcluded = fields[^1] == "x";
            int[] parts = [.. fields[2..(isExcluded ? ^1 : ^0)].Select(Hex)];
            var codePoint = Hex(fields[0]);
            (fields[1] == "=" ? _canonical : _compatible).Add(codePoint, parts);
            if (fields[1] == "=" && parts is [var first, var second] && !isExcluded)
            {
                _compositions.Add((first, second), codePoint);
            }
        }

        foreach (var fields in UnicodeData.Lines("combining_classes.txt"))
        {
            for (var codePoint = Hex(fields[0]); codePoint <= Hex(fields[1]); codePoint++)
            {
                _classes.Add(codePoint, byte.Parse(fields[2], CultureInfo.InvariantCulture));
            }
        }
    }

    /// <summary>The table.</summary>
    public static Decompositions Table => Loaded.Value;

    /// <summary>The canonical combining class: 0 for a character that begins anew.</summary>
    public int ClassOf(int codePoint) => codePoint < 0x300 ? 0 : _classes.GetValueOrDefault(codePoint);

    /// <summary>Appends the full decomposition of <paramref name="codePoint"/>.</summary>
    public void Decompose(int codePoint, bool compatible, List<int> target)
    {
        if (codePoint is >= HangulBase and < HangulBase + HangulCount)
        {
            var index = codePoint - HangulBase;
            target.Add(LeadBase + (index / (VowelCount * TailCount)));
            target.Add(VowelBase + (index % (VowelCount * TailCount) / TailCount));
            if (index % TailCount != 0)
            {
                target.Add(TailBase + (index % TailCount));
            }

            return;
        }

        if (_canonical.TryGetValue(codePoint, out var parts)
            || (compatible && _compatible.TryGetValue(codePoint, out parts)))
        {
            foreach (var part in parts)
            {
                Decompose(part, compatible, target);
            }

            return;
        }

        target.Add(codePoint);
    }

    /// <summary>The character that two compose to; −1 where they do not.</summary>
    public int Compose(int first, int second)
    {
        if (first is >= LeadBase and < LeadBase + LeadCount && second is >= VowelBase and < VowelBase + VowelCount)
        {
            return HangulBase + ((((first - LeadBase) * VowelCount) + second - VowelBase) * TailCount);
        }

        if (first is >= HangulBase and < HangulBase + HangulCount && (first - HangulBase) % TailCount == 0
            && second is > TailBase and < TailBase + TailCount)
        {
            return first + second - TailBase;
        }

        return _compositions.GetValueOrDefault((first, second), -1);
    }

    /// <summary>The characters that a form may change, or that may change what stands before them: a bit for each
    /// code point, and for more of them than must be.</summary>
    public ulong[] ChangedIn(NormalForm form)
    {
        var (composes, compatible) =
            (form is NormalForm.Nfc or NormalForm.Nfkc, form is NormalForm.Nfkc or NormalForm.Nfkd);
        var changed = new ulong[(CodePoint.Last / 64) + 1];
        var composed = _compositions.Values.ToHashSet();
        Mark(_classes.Where(entry => entry.Value != 0).Select(entry => entry.Key), changed);
        Mark(_canonical.Keys.Where(codePoint => compatible || !composes || !composed.Contains(codePoint)), changed);
        if (compatible)
        {
            Mark(_compatible.Keys, changed);
        }

        if (composes)
        {
            Mark(_compositions.Keys.Select(pair => pair.Second), changed);
            Mark(Enumerable.Range(VowelBase, VowelCount).Concat(Enumerable.Range(TailBase, TailCount)), changed);
        }
        else
        {
            Mark(Enumerable.Range(HangulBase, HangulCount), changed);
        }

        return changed;
    }

    private static void Mark(IEnumerable<int> codePoints, ulong[] bits)
    {
        foreach (var codePoint in codePoints)
        {
            bits[codePoint / 64] |= 1UL << (codePoint % 64);
        }
    }

    private static int Hex(string text) => int.Parse(text, NumberStyles.HexNumber, CultureInfo.InvariantCulture);
}
