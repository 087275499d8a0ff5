using System.Text;
using Hone.Text.Patterns;
using Hone.Text.Pipeline;

namespace Hone.Text.Normalizers;

/// <summary>Puts a fixed text in place of each match of a pattern.</summary>
internal sealed class ReplaceNormalizer(IPattern pattern, string content) : INormalizer
{
    private readonly byte[] _content = Encoding.UTF8.GetBytes(content);
    private readonly byte? _letter = (pattern as LiteralPattern)?.Letter;

    /// <inheritdoc/>
    public bool Rewrite(AlignedText source, AlignedText target)
    {
        var bytes = source.Bytes;
        if (_letter is { } letter && _content.Length is >= 1 and <= sizeof(uint))
        {
            // Blanks as marks, in every text.
            if (!bytes.Contains(letter))
            {
                return false;
            }

            target.AppendExpanded(source, 0, bytes.Length, letter, _content);
            return true;
        }

        var last = 0;
        var from = 0;
        var changed = false;
        while (from <= bytes.Length && pattern.Find(bytes, from, out var start, out var end))
        {
            if (start == end && start == last && changed)
            {
                from += from < bytes.Length ? Utf8Text.LengthAt(bytes, from) : 1;
                continue;
            }

            target.Append(source, last, start);
            target.AppendLike(_content, source, end - 1);
            changed = true;
            last = end;
            from = end;
        }

        if (changed)
        {
            target.Append(source, last, bytes.Length);
        }

        return changed;
    }
}
