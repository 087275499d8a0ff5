using System.Runtime.CompilerServices;
using System.Text;
using Hone.Text.Pipeline;

namespace Hone.Text.Normalizers;

/// <summary>Puts a fixed text before a text that is not empty, and another in place of each of one ASCII character, in
/// one pass: what Llama's tokenizer does to blanks.</summary>
internal sealed class ExpandNormalizer(string prefix, char letter, string content) : INormalizer
{
    private readonly byte[] _prefix = Encoding.UTF8.GetBytes(prefix);
    private readonly byte[] _content = Encoding.UTF8.GetBytes(content);

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public bool Rewrite(AlignedText source, AlignedText target)
    {
        if (source.Length == 0)
        {
            return false;
        }

        target.AppendLike(_prefix, source, 0);
        target.AppendExpanded(source, 0, source.Length, (byte)letter, _content);
        return true;
    }
}
