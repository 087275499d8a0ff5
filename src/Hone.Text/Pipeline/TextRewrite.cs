using System.Text;

namespace Hone.Text.Pipeline;

/// <summary>Writes a changed copy of a text, character by character, carrying the spans over.</summary>
/// <remarks>
/// Each character comes with the number of characters by which it changes the text: 0 replaces the next source
/// character, a positive number is an insertion (it takes the span of the byte before), −n replaces the next one and
/// removes n after it. These are the rules of the <c>tokenizers</c> library, so that offsets agree with its.
/// </remarks>
internal ref struct TextRewrite(AlignedText source, AlignedText target)
{
    private int _position = 0;

    /// <summary>Writes <paramref name="rune"/>; see the remarks for <paramref name="change"/>.</summary>
    public void Put(Rune rune, int change)
    {
        target.AppendLike(rune, source, change > 0 ? _position - 1 : Math.Min(_position, source.Length - 1));
        if (change <= 0)
        {
            Skip(1 - change);
        }
    }

    /// <summary>Writes the source up to the byte <paramref name="end"/> as it is.</summary>
    public void CopyTo(int end)
    {
        target.Append(source, _position, end);
        _position = end;
    }

    /// <summary>Leaves out the next <paramref name="characters"/> source characters.</summary>
    public void Skip(int characters)
    {
        var bytes = source.Bytes;
        for (; characters > 0 && _position < bytes.Length; characters--)
        {
            _position += Utf8Text.LengthAt(bytes, _position);
        }
    }
}
