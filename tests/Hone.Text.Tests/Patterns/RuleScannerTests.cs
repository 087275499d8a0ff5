using System.Text;
using Hone.Text.Patterns;
using Hone.Text.Pipeline;

namespace Hone.Text.Tests.Patterns;

/// <summary>Scanners against the general engine, which runs the pattern that they stand for.</summary>
public sealed class RuleScannerTests
{
    private const string Letters = "aZéÉ漢ǅʰ\u0301𝒜 \t\n\r\u00a0\u3000'sSſtTrRvVeElLdDmM019²Ⅷ!-_/😀\0";

    public static TheoryData<string> Patterns =>
        [Gpt2Rule.Text, Cl100kRule.ThreeDigits, Cl100kRule.OneDigit, O200kRule.Text];

    [Theory]
    [MemberData(nameof(Patterns))]
    public void A_scanner_cuts_short_texts_of_all_kinds_as_its_pattern(string pattern)
    {
        var runes = Letters.EnumerateRunes().ToArray();
        var random = new Random(7);
        for (var round = 0; round < 5_000; round++)
        {
            Check(pattern, string.Concat(
                Enumerable.Range(0, random.Next(1, 14)).Select(_ => runes[random.Next(runes.Length)].ToString())));
        }
    }

    // Mostly ASCII, in runs, and longer than two blocks: what blocks decide, leave open and hand over.
    [Theory]
    [MemberData(nameof(Patterns))]
    public void A_scanner_cuts_long_texts_as_its_pattern(string pattern)
    {
        string[] parts =
        [
            " ", "  ", "\t", "\n", "\r\n", "\n\n", " \n", "\n  ", "a", "The", "WORD", "'s", "'ll", "'LL",
            "'re", "'", "''",
            "1", "12", "2024", "12345678", "!", "--", "...\n", "/", "(x)",
            "é", "漢字", "\u3000", "\u00a0", "\u0301", "😀", "ſ", "0", "_",
            new string(' ', 40), new string('x', 70), new string('=', 70), new string('7', 70), new string('\n', 70),
        ];
        var random = new Random(11);
        for (var round = 0; round < 3_000; round++)
        {
            var rare = random.Next(3) == 0 ? parts.Length : parts.Length - 14;
            Check(pattern, string.Concat(
                Enumerable.Range(0, random.Next(20, 80)).Select(_ => parts[random.Next(rare)])));
        }
    }

    [Theory]
    [MemberData(nameof(Patterns))]
    public void Every_code_point_is_cut_as_by_the_pattern_wherever_it_stands(string pattern)
    {
        var text = new StringBuilder();
        for (var codePoint = 1; codePoint <= 0x10FFFF; codePoint += codePoint < 0x3400 ? 1 : 97)
        {
            if (Rune.IsValid(codePoint))
            {
                var rune = new Rune(codePoint).ToString();
                text.Append(rune).Append(" a").Append(rune).Append("b ").Append(rune).Append("1\n").Append(rune);
            }

            if (text.Length > 2_000 || codePoint + 97 > 0x10FFFF)
            {
                Check(pattern, text.ToString());
                text.Clear();
            }
        }
    }

    public static TheoryData<string, string> HostileTexts
    {
        get
        {
            string[] units = ["a", " ", "1", "\n", "\n ", " \n\t", "'s", "'", "!", "\u0301", "漢", "a\u0301"];
            string[] patterns = [Gpt2Rule.Text, Cl100kRule.ThreeDigits, Cl100kRule.OneDigit, O200kRule.Text];
            return [.. patterns.SelectMany(pattern => units.Select(unit => (pattern, unit)))];
        }
    }

    // A call looks at a block, or at a piece with the run that it ends in: calls are as few as pieces and blocks.
    [Theory]
    [MemberData(nameof(HostileTexts))]
    public void A_megabyte_of_one_thing_is_looked_at_a_few_times(string pattern, string unit)
    {
        var bytes = Encoding.UTF8.GetBytes(string.Concat(Enumerable.Repeat(unit, 1_000_000 / unit.Length)));
        byte[] padded = [.. bytes, .. new byte[AlignedText.Padding]];
        var pieces = new PieceList();
        var calls = new Calls();
        IPieceCutter cutter = pattern switch
        {
            Gpt2Rule.Text => Counted(new Gpt2Rule(), calls),
            O200kRule.Text => Counted(new O200kRule(), calls),
            _ => Counted(new Cl100kRule(pattern == Cl100kRule.OneDigit ? 1 : 3), calls),
        };
        cutter.Cut(padded, new Piece(0, bytes.Length), pieces);

        Assert.Equal(bytes.Length, pieces.All.ToArray().Sum(piece => (long)piece.End - piece.Start));
        Assert.InRange(calls.Blocks, 1, (bytes.Length / 16) + pieces.Count);
        Assert.InRange(calls.Pieces, 0, calls.Blocks);
    }

    // A text begins at each place of a block in turn.
    [Theory]
    [MemberData(nameof(Patterns))]
    public void A_text_is_cut_as_by_the_pattern_wherever_blocks_begin_in_it(string pattern)
    {
        string[] texts =
        [
            "naïve “quotes” — and… 3½ cups,\u00a0then l'été's  \n \u3000 漢字、かな１２３45",
            " HTTPServer'sRe o'clock!\n//x 'tis ABC'd's''s don't\r\n/\n\t\tx = {'a': \"b\"};",
            "Привет, мир! ÷×÷a 한국어 ไทย\u0e31 \u0301x e\u0301'LL ʰAʰB ǅabc",
        ];
        foreach (var text in texts)
        {
            for (var shift = 0; shift < TextBlock.Size; shift++)
            {
                Check(pattern, new string('a', shift) + " " + text + text);
                Check(pattern, new string('\n', shift) + text);
            }
        }
    }

    private static RuleScanner<CountedRule<TRule>> Counted<TRule>(TRule rule, Calls calls)
        where TRule : struct, ICuttingRule => new(new CountedRule<TRule>(rule, calls));

    private static void Check(string pattern, string text)
    {
        var scanner = PatternLibrary.Compile(pattern, RegexSyntax.Oniguruma);
        var general = new RegexPattern(pattern, RegexSyntax.Oniguruma);
        var bytes = Encoding.UTF8.GetBytes(text);

        // What stands behind the end must not count: it would go on with the last piece, whatever that is.
        var expected = Matches(general, bytes);
        Assert.Equal(expected, Matches(scanner, bytes));
        foreach (var filler in "a1 \ns!"u8)
        {
            byte[] padded = [.. bytes, .. Enumerable.Repeat(filler, AlignedText.Padding)];
            var pieces = new PieceList();
            ((IPieceCutter)scanner).Cut(padded, new Piece(0, bytes.Length), pieces);

            Assert.True(expected.SequenceEqual(pieces.All.ToArray()), $"cut otherwise: {text}");
        }
    }

    private static List<Piece> Matches(IPattern pattern, byte[] bytes)
    {
        List<Piece> matches = [];
        for (var from = 0; from < bytes.Length && pattern.Find(bytes, from, out var start, out var end); from = end)
        {
            matches.Add(new Piece(start, end));
        }

        return matches;
    }

    private sealed class Calls
    {
        public long Blocks { get; set; }

        public long Pieces { get; set; }
    }

    private readonly struct CountedRule<TRule>(TRule rule, Calls calls) : ICuttingRule
        where TRule : struct, ICuttingRule
    {
        public int EndOfPiece(ReadOnlySpan<byte> text, int start)
        {
            calls.Pieces++;
            return rule.EndOfPiece(text, start);
        }

        public ulong StartsIn(ReadOnlySpan<byte> padded, int start, int count)
        {
            calls.Blocks++;
            return rule.StartsIn(padded, start, count);
        }
    }
}
