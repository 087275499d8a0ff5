using Hone.Text.Pipeline;
using Hone.Text.Unicode;

namespace Hone.Text.Normalizers;

/// <summary>Takes white space off the ends.</summary>
internal sealed class StripNormalizer(bool left, bool right) : INormalizer
{
    /// <inheritdoc/>
    public bool Rewrite(AlignedText source, AlignedText target)
    {
        var bytes = source.Bytes;
        var start = 0;
        var end = bytes.Length;
        while (left && start < end && CodePoint.IsWhiteSpace(Utf8Text.CodePointAt(bytes, start, out var length)))
        {
            start += length;
        }

        while (right && end > start
            && CodePoint.IsWhiteSpace(Utf8Text.CodePointAt(bytes, Utf8Text.Before(bytes, end), out _)))
        {
            end = Utf8Text.Before(bytes, end);
        }

        if (start == 0 && end == bytes.Length)
        {
            return false;
        }

        target.Append(source, start, end);
        return true;
    }
}
