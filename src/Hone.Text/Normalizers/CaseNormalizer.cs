using System.Text;
using Hone.Text.Pipeline;

namespace Hone.Text.Normalizers;

/// <summary>Writes each character in lower case, by itself: no final sigma.</summary>
internal sealed class CaseNormalizer : INormalizer
{
    private const int CapitalIWithDot = 0x130;

    /// <inheritdoc/>
    public bool Rewrite(AlignedText source, AlignedText target)
    {
        var bytes = source.Bytes;
        var rewrite = new TextRewrite(source, target);
        for (var position = 0; position < bytes.Length;)
        {
            var codePoint = Utf8Text.CodePointAt(bytes, position, out var length);
            if (codePoint == CapitalIWithDot)
            {
                rewrite.Put(new Rune('i'), 0);
                rewrite.Put(new Rune(0x307), 1);
            }
            else
            {
                rewrite.Put(Rune.ToLowerInvariant(new Rune(codePoint)), 0);
            }

            position += length;
        }

        return bytes.Length > 0;
    }
}
