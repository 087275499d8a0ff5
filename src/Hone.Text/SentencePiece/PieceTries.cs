using Hone.Text.Pipeline;

namespace Hone.Text.SentencePiece;

/// <summary>Searches in trees of pieces.</summary>
internal static class PieceTries
{
    /// <summary>The number of bytes of the longest piece that <paramref name="text"/> begins with, 0 for none, and its
    /// id.</summary>
    public static int LongestAt(ByteTrie trie, ReadOnlySpan<byte> text, out int id)
    {
        var length = 0;
        id = -1;
        var node = ByteTrie.Root;
        for (var index = 0; index < text.Length && (node = trie.Next(node, text[index])) >= 0; index++)
        {
            if (trie.ValueOf(node) is >= 0 and var found)
            {
                (id, length) = (found, index + 1);
            }
        }

        return length;
    }
}
