using System.Globalization;
using System.Text;
using Hone.Text.Pipeline;
using Hone.Text.Unicode;

namespace Hone.Text.Normalizers;

/// <summary>BERT's parts: cleaning, blanks around Chinese characters, accents, case.</summary>
internal static class BertNormalizer
{
    /// <summary>Puts the parts together that are wanted.</summary>
    public static INormalizer Create(bool cleansText, bool setsChineseApart, bool stripsAccents, bool lowers)
    {
        List<INormalizer> parts = [];
        if (cleansText)
        {
            parts.Add(new FilterNormalizer(Clean));
        }

        if (setsChineseApart)
        {
            parts.Add(new ChineseSpacing());
        }

        if (stripsAccents)
        {
            parts.Add(new FormNormalizer(NormalForm.Nfd));
            parts.Add(new FilterNormalizer(CharacterFilters.WithoutAccent));
        }

        if (lowers)
        {
            parts.Add(new CaseNormalizer());
        }

        return new NormalizerSequence(parts);
    }

    private static int Clean(int codePoint)
    {
        if (codePoint is '\t' or '\n' or '\r')
        {
            return ' ';
        }

        var isControl = CodePoint.CategoryOf(codePoint) is UnicodeCategory.Control or UnicodeCategory.Format
            or UnicodeCategory.PrivateUse;
        return codePoint == 0xFFFD || isControl ? CharacterFilters.LeftOut : CodePoint.IsWhiteSpace(codePoint)
            ? ' '
            : codePoint;
    }

    private sealed class ChineseSpacing : INormalizer
    {
        public bool Rewrite(AlignedText source, AlignedText target)
        {
            var bytes = source.Bytes;
            var rewrite = new TextRewrite(source, target);
            var changed = false;
            for (var position = 0; position < bytes.Length;)
            {
                var codePoint = Utf8Text.CodePointAt(bytes, position, out var length);
                if (IsChinese(codePoint))
                {
                    changed = true;
                    rewrite.Put(new Rune(' '), 0);
                    rewrite.Put(new Rune(codePoint), 1);
                    rewrite.Put(new Rune(' '), 1);
                }
                else
                {
                    rewrite.Put(new Rune(codePoint), 0);
                }

                position += length;
            }

            if (!changed)
            {
                target.Clear(source.Tracks);
            }

            return changed;
        }

        // The blocks of CJK ideographs, as BERT's authors list them.
        private static bool IsChinese(int codePoint) => codePoint
            is (>= 0x4E00 and <= 0x9FFF) or (>= 0x3400 and <= 0x4DBF) or (>= 0x20000 and <= 0x2A6DF)
                or (>= 0x2A700 and <= 0x2B73F)
            or (>= 0x2B740 and <= 0x2B81F) or (>= 0x2B920 and <= 0x2CEAF) or (>= 0xF900 and <= 0xFAFF)
                or (>= 0x2F800 and <= 0x2FA1F);
    }
}
