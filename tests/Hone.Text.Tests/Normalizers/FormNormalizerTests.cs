using System.Text;
using Hone.Text.Normalizers;
using Hone.Text.Pipeline;
using Hone.Text.Unicode;

namespace Hone.Text.Tests.Normalizers;

public sealed class FormNormalizerTests
{
    // What the quick look lets pass must come out of the whole work as it went in; a first character that changes in
    // every form makes it be done.
    [Theory]
    [InlineData(NormalForm.Nfc)]
    [InlineData(NormalForm.Nfd)]
    [InlineData(NormalForm.Nfkc)]
    [InlineData(NormalForm.Nfkd)]
    internal void A_character_that_counts_as_unchanged_is_so_after_any_other(NormalForm form)
    {
        var changed = Decompositions.Table.ChangedIn(form);
        var kept = new StringBuilder();
        for (var codePoint = 0; codePoint <= CodePoint.Last; codePoint++)
        {
            if (Rune.IsValid(codePoint) && (changed[codePoint / 64] >> (codePoint % 64) & 1) == 0)
            {
                kept.Append('e').Append(new Rune(codePoint).ToString());
            }
        }

        Assert.Equal("\u0915\u093C" + kept, Normalize("\u0958" + kept, form));
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

    private static string Normalize(string text, NormalForm form)
    {
        var (source, target) = (new AlignedText(), new AlignedText());
        source.Set(text, tracks: false);
        Assert.True(new FormNormalizer(form).Rewrite(source, target));
        return Encoding.UTF8.GetString(target.Bytes);
    }
}
