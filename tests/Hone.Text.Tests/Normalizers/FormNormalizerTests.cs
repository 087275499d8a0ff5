using System.Text;
using Hone.Text.Normalizers;
using Hone.Text.Pipeline;
using Hone.Text.Unicode;

namespace Hone.Text.Tests.Normalizers;

public sealed class FormNormalizerTests
{
    // Characters that count as unchanged are copied with what is around them: each after the same ones and after one
    // that decomposes.
    [Theory]
    [InlineData(NormalForm.Nfc)]
    [InlineData(NormalForm.Nfd)]
    [InlineData(NormalForm.Nfkc)]
    [InlineData(NormalForm.Nfkd)]
    internal void A_character_that_counts_as_unchanged_is_so_after_any_other(NormalForm form)
    {
        var changed = Decompositions.Table.ChangedIn(form);
        List<int> kept = [];
        for (var codePoint = 0; codePoint <= CodePoint.Last; codePoint++)
        {
            if (Rune.IsValid(codePoint) && (changed[codePoint / 64] >> (codePoint % 64) & 1) == 0)
            {
                kept.AddRange(['e', codePoint]);
            }
        }

        Assert.Equal(kept, ByDefinition(kept, form));
        Assert.Equal("\u0915\u093C" + TextOf(kept), Normalize("\u0958" + TextOf(kept), form));
    }

    // Letters and marks of all kinds that decompose, compose or move, among such as do not.
    [Theory]
    [InlineData(NormalForm.Nfc)]
    [InlineData(NormalForm.Nfd)]
    [InlineData(NormalForm.Nfkc)]
    [InlineData(NormalForm.Nfkd)]
    internal void Stretches_that_change_become_what_the_whole_text_does(NormalForm form)
    {
        var random = new Random(5);
        var bits = Decompositions.Table.ChangedIn(form);
        int[] changed = [.. Enumerable.Range(0, 0x20000)
            .Where(codePoint => (bits[codePoint / 64] >> (codePoint % 64) & 1) != 0)];
        int[] latin = [.. Enumerable.Range(0xC0, 0x150), .. Enumerable.Range(0x300, 0x30)];
        int[] hangul = [.. Enumerable.Range(0x1100, 0x100), .. Enumerable.Range(0xAC00, 60)];
        int[] indic = [.. Enumerable.Range(0x900, 0x500)];
        int[][] alphabets = [changed, latin, hangul, indic, [' ', 'a', 'e', '漢', 0x1F600]];
        for (var round = 0; round < 20_000; round++)
        {
            var alphabet = alphabets[random.Next(alphabets.Length)];
            List<int> text = [.. Enumerable.Range(0, random.Next(1, 12)).Select(_ =>
                random.Next(3) == 0 ? alphabets[^1][random.Next(5)] : alphabet[random.Next(alphabet.Length)])];
            var expected = TextOf(ByDefinition(text, form));

            Assert.Equal(expected, Normalize(TextOf(text), form));
        }
    }

    [Theory]
    [InlineData("漢字 и кириллица, déjà", NormalForm.Nfc, false)]
    [InlineData("e\u0301", NormalForm.Nfc, true)]
    [InlineData("é", NormalForm.Nfd, true)]
    [InlineData("한글", NormalForm.Nfc, false)]
    [InlineData("한글", NormalForm.Nfd, true)]
    [InlineData("ﬁ", NormalForm.Nfc, false)]
    [InlineData("ﬁ", NormalForm.Nfkc, true)]
    internal void Text_that_cannot_change_is_left_alone(string text, NormalForm form, bool isRewritten)
    {
        var (source, target) = (new AlignedText(), new AlignedText());
        source.Set(text, tracks: false);

        Assert.Equal(isRewritten, new FormNormalizer(form).Rewrite(source, target));
    }

    [Fact]
    public void Spans_go_on_after_a_stretch_that_changed()
    {
        var (source, target) = (new AlignedText(), new AlignedText());
        source.Set("äe\u0301x\u0958é", tracks: true);
        target.Clear(tracks: true);

        Assert.True(new FormNormalizer(NormalForm.Nfc).Rewrite(source, target));
        Assert.Equal("äéx\u0915\u093Cé", Encoding.UTF8.GetString(target.Bytes));
        Assert.Equal("0 0 1 1 3 4 4 4 4 4 4 5 5", string.Join(
            ' ', Enumerable.Range(0, target.Length).Select(target.StartOf)));
    }

    // Unicode Standard Annex 15: all decomposed, marks in order of their classes, then each joined to the last
    // character of class 0 before it if nothing between them has its class or a higher one.
    private static List<int> ByDefinition(List<int> text, NormalForm form)
    {
        var table = Decompositions.Table;
        List<int> parts = [];
        text.ForEach(
            codePoint => table.Decompose(codePoint, form is NormalForm.Nfkc or NormalForm.Nfkd, parts));
        for (var first = 0; first < parts.Count; first++)
        {
            for (var at = first; at > 0 && table.ClassOf(parts[at]) is > 0 and var one
                && table.ClassOf(parts[at - 1]) > one; at--)
            {
                (parts[at - 1], parts[at]) = (parts[at], parts[at - 1]);
            }
        }

        if (form is NormalForm.Nfd or NormalForm.Nfkd)
        {
            return parts;
        }

        List<int> result = [];
        var starter = -1;
        foreach (var part in parts)
        {
            var isBlocked = result.Count - 1 > starter
                && (table.ClassOf(result[^1]) == 0 || table.ClassOf(result[^1]) >= table.ClassOf(part));
            if (starter >= 0 && !isBlocked && table.Compose(result[starter], part) is >= 0 and var joined)
            {
                result[starter] = joined;
                continue;
            }

            starter = table.ClassOf(part) == 0 ? result.Count : starter;
            result.Add(part);
        }

        return result;
    }

    private static string TextOf(List<int> codePoints) =>
        string.Concat(codePoints.Select(codePoint => new Rune(codePoint).ToString()));

    private static string Normalize(string text, NormalForm form)
    {
        var (source, target) = (new AlignedText(), new AlignedText());
        source.Set(text, tracks: false);
        return Encoding.UTF8.GetString(
            new FormNormalizer(form).Rewrite(source, target) ? target.Bytes : source.Bytes);
    }
}
