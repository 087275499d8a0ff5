using System.Buffers;
using System.Runtime.CompilerServices;
using Hone.Text.Unicode;

namespace Hone.Text.Pipeline;

/// <summary>Finds added tokens in text: the leftmost, and of those that start there the longest.</summary>
internal sealed class AddedTokenFinder
{
    private readonly ByteTrie _trie = new();
    private readonly AddedToken[] _tokens;
    private readonly SearchValues<byte> _firstBytes;

    /// <summary>Builds the tree.</summary>
    /// <param name="tokens">The tokens.</param>
    /// <param name="bytesOf">The bytes of a token to look for.</param>
    public AddedTokenFinder(AddedToken[] tokens, Func<AddedToken, byte[]> bytesOf)
    {
        _tokens = tokens;
        var firstBytes = new byte[tokens.Length];
        var count = 0;
        for (var index = 0; index < tokens.Length; index++)
        {
            var bytes = bytesOf(tokens[index]);
            _trie.Add(bytes, index);
            if (bytes is [var first, ..])
            {
                firstBytes[count++] = first;
            }
        }

        _firstBytes = SearchValues.Create(firstBytes.AsSpan(0, count));
    }

    /// <summary>Lists the spans of <paramref name="text"/>, in order: added tokens, and what lies between
    /// them.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public void Split(ReadOnlySpan<byte> text, List<AddedSpan> spans)
    {
        spans.Clear();
        var last = 0;
        var from = 0;
        while (Find(text, from, out var start, out var end) is { } token)
        {
            from = end;
            if (token.SingleWord && (IsWordBefore(text, start) || IsWordAfter(text, end)))
            {
                continue;
            }

            start = Math.Max(token.StripsLeft ? SpacesBefore(text, start) : start, last);
            end = token.StripsRight ? SpacesAfter(text, end) : end;
            if (start > last)
            {
                spans.Add(new AddedSpan(last, start, null));
            }

            spans.Add(new AddedSpan(start, end, token));
            last = end;
            from = Math.Max(from, end);
        }

        if (last < text.Length)
        {
            spans.Add(new AddedSpan(last, text.Length, null));
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private AddedToken? Find(ReadOnlySpan<byte> text, int from, out int start, out int end)
    {
        for (start = from; ; start++)
        {
            var skip = text[start..].IndexOfAny(_firstBytes);
            if (skip < 0)
            {
                end = start;
                return null;
            }

            start += skip;
            var length = _trie.LongestAt(text[start..], out var found);
            if (length > 0)
            {
                end = start + length;
                return _tokens[found];
            }
        }
    }

    private static int SpacesBefore(ReadOnlySpan<byte> text, int index)
    {
        while (index > 0 && CodePoint.IsWhiteSpace(Utf8Text.CodePointAt(text, Utf8Text.Before(text, index), out _)))
        {
            index = Utf8Text.Before(text, index);
        }

        return index;
    }

    private static int SpacesAfter(ReadOnlySpan<byte> text, int index)
    {
        while (index < text.Length && CodePoint.IsWhiteSpace(Utf8Text.CodePointAt(text, index, out var length)))
        {
            index += length;
        }

        return index;
    }

    private static bool IsWordBefore(ReadOnlySpan<byte> text, int index) =>
        index > 0 && CodePoint.IsStandardWord(Utf8Text.CodePointAt(text, Utf8Text.Before(text, index), out _));

    private static bool IsWordAfter(ReadOnlySpan<byte> text, int index) =>
        index < text.Length && CodePoint.IsStandardWord(Utf8Text.CodePointAt(text, index, out _));
}

/// <summary>The bytes from <paramref name="Start"/> to <paramref name="End"/>: an added token, or text between two of
/// them.</summary>
internal readonly record struct AddedSpan(int Start, int End, AddedToken? Token);
