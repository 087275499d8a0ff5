using System.Globalization;
using System.Text;
using Hone.Text.Pipeline;

namespace Hone.Text.Normalizers;

/// <summary>Applies a compiled table of replacements as the <c>tokenizers</c> library does.</summary>
/// <remarks>
/// By grapheme cluster: one of fewer than six bytes is looked up whole, the shortest entry that it begins with standing
/// for all of it; else, or where that finds nothing, it is looked up character by character. SentencePiece itself takes
/// the longest entry anywhere.
/// </remarks>
internal sealed class CharacterMapNormalizer(CharacterMap map) : INormalizer
{
    private const int LongestCluster = 5;

    /// <inheritdoc/>
    public bool Rewrite(AlignedText source, AlignedText target)
    {
        var text = Encoding.UTF8.GetString(source.Bytes).AsSpan();
        List<(Rune Rune, int Change)> changes = [];
        var modified = false;
        Span<byte> bytes = stackalloc byte[LongestCluster];
        while (!text.IsEmpty)
        {
            var cluster = text[..StringInfo.GetNextTextElementLength(text)];
            text = text[cluster.Length..];
            if (Encoding.UTF8.GetByteCount(cluster) <= LongestCluster)
            {
                var spelt = bytes[..Encoding.UTF8.GetBytes(cluster, bytes)];
                var replacement = map.Find(spelt, longest: false, out var length);
                if (length > 0)
                {
                    Replace(cluster, replacement, changes);
                    modified = true;
                    continue;
                }
            }

            modified |= AddCharacters(cluster, changes);
        }

        if (modified)
        {
            var rewrite = new TextRewrite(source, target);
            foreach (var (rune, change) in changes)
            {
                rewrite.Put(rune, change);
            }
        }

        return modified;
    }

    private bool AddCharacters(ReadOnlySpan<char> cluster, List<(Rune Rune, int Change)> changes)
    {
        var modified = false;
        Span<byte> bytes = stackalloc byte[4];
        Span<char> units = stackalloc char[2];
        foreach (var rune in cluster.EnumerateRunes())
        {
            var replacement = map.Find(bytes[..rune.EncodeToUtf8(bytes)], longest: false, out var length);
            if (length > 0)
            {
                Replace(units[..rune.EncodeToUtf16(units)], replacement, changes);
                modified = true;
            }
            else
            {
                changes.Add((rune, 0));
            }
        }

        return modified;
    }

    // What is added counts as inserted at the end; what is removed is charged to the last character written.
    private static void Replace(
        ReadOnlySpan<char> old, ReadOnlySpan<byte> replacement, List<(Rune Rune, int Change)> changes)
    {
        var oldCount = 0;
        foreach (var _ in old.EnumerateRunes())
        {
            oldCount++;
        }

        var newCount = 0;
        foreach (var rune in Encoding.UTF8.GetString(replacement).EnumerateRunes())
        {
            changes.Add((rune, newCount < oldCount ? 0 : 1));
            newCount++;
        }

        if (newCount < oldCount && changes.Count > 0)
        {
            changes[^1] = changes[^1] with { Change = changes[^1].Change + newCount - oldCount };
        }
    }
}
