using System.Text;
using Hone.Text.Pipeline;

namespace Hone.Text.Normalizers;

/// <summary>Leaves characters out, or puts others in their place, one by one.</summary>
/// <param name="map">What stands for a character; −1 leaves it out.</param>
internal sealed class FilterNormalizer(Func<int, int> map) : INormalizer
{
    /// <inheritdoc/>
    public bool Rewrite(AlignedText source, AlignedText target)
    {
        var bytes = source.Bytes;
        var changed = false;
        for (var position = 0; position < bytes.Length;)
        {
            var codePoint = Utf8Text.CodePointAt(bytes, position, out var length);
            var mapped = map(codePoint);
            if (mapped >= 0)
            {
                target.AppendLike(new Rune(mapped), source, position);
            }

            changed |= mapped != codePoint;
            position += length;
        }

        if (!changed)
        {
            target.Clear(source.Tracks);
        }

        return changed;
    }
}
